import { BIT, BURN_SHARES, HOUR } from '../migrations/008-hours-of-slices.ts'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import { partsOfRows, type ColumnPart } from './column-parts.ts'
import type { SliceColumnsQuery } from './read-slice-columns.ts'

/**
 * What the slices of one version come to by hours of UTC, in no order. Sums are of all revisions stored: right where `rows` is the
 * number of measured minutes and none came `later`. Minutes are bits: the first thirty of the hour from the lowest bit of `…Low` on,
 * the others in `…High`.
 */
export interface VersionHours {
  sloId: string
  version: number
  /** Starts of the hours in hours since 1970. */
  hour: ColumnPart
  good: ColumnPart
  total: ColumnPart
  /** Slices, each revision one. */
  rows: ColumnPart
  /** 1 where one of them is not all good, and where one became known after the instant that was asked for. */
  uneven: ColumnPart
  later: ColumnPart
  measuredLow: ColumnPart
  measuredHigh: ColumnPart
  /** Minutes with events. */
  eventsLow: ColumnPart
  eventsHigh: ColumnPart
  /** Minutes whose share of bad events is above the query's, and others that are not all good. */
  burnLow: ColumnPart
  burnHigh: ColumnPart
}

const COLUMNS = [
  'hour',
  'good',
  'total',
  'rows',
  'uneven',
  'later',
  'measuredLow',
  'measuredHigh',
  'eventsLow',
  'eventsHigh',
  'burnLow',
  'burnHigh',
] as const

/**
 * The slices of many versions in one query, summed up by hour: a sixtieth of them. What was known at `asOf` decides which hours there are;
 * their sums are of everything. A version without slices has no entry.
 *
 * ClickHouse keeps these sums beside each part of the table as the projection `hours`, and takes them from there where expressions are
 * literally those of migration 8; parts that have none yet are summed up from their rows.
 */
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
    'toUInt32(uneven != 0)',
    'toUInt32(newest > {asOf:UInt64})',
  ].concat(['measured', 'with_events', 'burning'].flatMap(half))
  // Where parts have no sums, hours lie one behind the other in the order of the table, and are added up without a hash of each row.
  const result = await telemetry.columns(
    `SELECT slo_id, version, ${values.map((value, i) => `groupArray(${value}) AS column_${COLUMNS[i]}`).join(', ')}
     FROM (
       SELECT slo_id, version, ${HOUR} AS hour_start, sum(good) AS hour_good, sum(total) AS hour_total,
         count() AS hour_rows, groupBitOr(${BIT}) AS measured, groupBitOr(if(total > 0, ${BIT}, 0)) AS with_events,
         groupBitOr(if(good != total, ${BIT}, 0)) AS uneven, ${burnBits(burnAbove)} AS burning,
         min(revision) AS oldest, max(revision) AS newest
       FROM slices
       WHERE workspace = {workspace:UInt32} AND slo_id IN {sloIds:Array(String)}
         AND version IN {numbers:Array(UInt32)}
         AND ${HOUR} >= toDateTime({firstHour:UInt32}, 'UTC') AND ${HOUR} < toDateTime({end:UInt32}, 'UTC')
       GROUP BY slo_id, version, hour_start
       HAVING oldest <= {asOf:UInt64}
     )
     GROUP BY slo_id, version
     SETTINGS optimize_aggregation_in_order = 1`,
    {
      workspace,
      sloIds: [...new Set(versions.map(({ sloId }) => sloId))],
      // Two plain conditions cost half of one on pairs; what they let through beyond them is left out below.
      numbers: [...new Set(versions.map(({ version }) => version))],
      firstHour: Math.floor(from / HOUR_MS) * 3600,
      end: Math.ceil(to / 1000),
      asOf: Math.floor(asOf),
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

const HOUR_MS = 3_600_000

/** The bits of the stored share that is nearest below; below all of them those of any minute that is not all good. */
function burnBits(burnAbove: number): string {
  const share = BURN_SHARES.find((one) => Number(one) <= burnAbove)
  if (share === undefined) return `groupBitOr(if(good != total, ${BIT}, 0))`
  return `groupBitOr(if(total > 0 AND (total - good) / total > ${share}, ${BIT}, 0))`
}
