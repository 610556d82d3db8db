import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import { partsOfRows, type ColumnPart } from './column-parts.ts'
import type { SliceColumnsQuery } from './read-slice-columns.ts'

/**
 * What the slices of one version come to by hours of UTC, in no order. Sums are of all revisions known: right where `rows` is
 * the number of measured minutes. Minutes are bits: the first thirty of the hour from the lowest bit of `…Low` on, the others in `…High`.
 */
export interface VersionHours {
  sloId: string
  version: number
  /** Starts of the hours in hours since 1970. */
  hour: ColumnPart
  good: ColumnPart
  total: ColumnPart
  /** Slices, each revision one, and those of them that are not all good. */
  rows: ColumnPart
  uneven: ColumnPart
  measuredLow: ColumnPart
  measuredHigh: ColumnPart
  /** Minutes with events. */
  eventsLow: ColumnPart
  eventsHigh: ColumnPart
  /** Minutes whose share of bad events is above the query's. */
  burnLow: ColumnPart
  burnHigh: ColumnPart
}

const COLUMNS = [
  'hour',
  'good',
  'total',
  'rows',
  'uneven',
  'measuredLow',
  'measuredHigh',
  'eventsLow',
  'eventsHigh',
  'burnLow',
  'burnHigh',
] as const

/** The slices of many versions in one query, summed up by hour: a sixtieth of them. A version without slices has no entry. */
export async function readSliceHours(
  telemetry: Telemetry,
  { workspace, versions, from, to, asOf, burnAbove }: SliceColumnsQuery & { burnAbove: number },
  limits: QueryLimits = {},
): Promise<VersionHours[]> {
  if (versions.length === 0) return []
  const half = (mask: string) => [`toUInt32(bitAnd(${mask}, 1073741823))`, `toUInt32(bitShiftRight(${mask}, 30))`]
  const values = [
    'toUInt32(intDiv(toUInt32(hour_start), 3600))',
    'hour_good',
    'hour_total',
    'toUInt32(hour_rows)',
    'toUInt32(hour_uneven)',
  ].concat(['measured', 'with_events', 'burning'].flatMap(half))
  // Hours lie one behind the other in the order of the table: they are added up as they come, without a hash of each row.
  const result = await telemetry.columns(
    `SELECT slo_id, version, ${values.map((value, i) => `groupArray(${value}) AS column_${COLUMNS[i]}`).join(', ')}
     FROM (
       SELECT slo_id, version, toStartOfHour(minute, 'UTC') AS hour_start, sum(good) AS hour_good, sum(total) AS hour_total,
         count() AS hour_rows, sum(good != total) AS hour_uneven, groupBitOr(bit) AS measured,
         groupBitOrIf(bit, total > 0) AS with_events,
         groupBitOrIf(bit, total > 0 AND (total - good) / total > {burnAbove:Float64}) AS burning
       FROM (
         SELECT slo_id, version, good, total, minute, bitShiftLeft(toUInt64(1), toMinute(minute, 'UTC')) AS bit
         FROM slices
         WHERE workspace = {workspace:UInt32} AND slo_id IN {sloIds:Array(String)}
           AND version IN {numbers:Array(UInt32)}
           AND minute >= fromUnixTimestamp64Milli({from:Int64}) AND minute < fromUnixTimestamp64Milli({to:Int64})
           AND revision <= {asOf:UInt64}
       )
       GROUP BY slo_id, version, hour_start
     )
     GROUP BY slo_id, version
     SETTINGS optimize_aggregation_in_order = 1`,
    {
      workspace,
      sloIds: [...new Set(versions.map(({ sloId }) => sloId))],
      // Two plain conditions cost half of one on pairs; what they let through beyond them is left out below.
      numbers: [...new Set(versions.map(({ version }) => version))],
      from: Math.ceil(from),
      to: Math.ceil(to),
      asOf: Math.floor(asOf),
      burnAbove,
    },
    limits,
  )
  const numbers = result.numbers('version')
  const columns = COLUMNS.map((name) => [name, partsOfRows(result.arrayColumns(`column_${name}`))] as const)
  const asked = new Set(versions.map(({ sloId, version }) => `${sloId} ${version}`))
  return result.texts('slo_id').flatMap((sloId, i) => {
    if (!asked.has(`${sloId} ${numbers[i]}`)) return []
    const parts = Object.fromEntries(columns.map(([name, rows]) => [name, rows[i]]))
    return { sloId, version: numbers[i], ...parts } as VersionHours
  })
}
