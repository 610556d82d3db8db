import { TupleParam } from '@clickhouse/client'
import type { ArrayColumn } from '../native/native-reader.ts'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'

/** Slices of several SLO versions whose minute lies in [from, to), epoch milliseconds. */
export interface SliceColumnsQuery {
  workspace: number
  versions: readonly { sloId: string; version: number }[]
  from: number
  to: number
  /** As they were known at this instant, epoch ms. */
  asOf: number
}

/** Every known revision of one version's slices, in no order. */
export interface VersionColumns {
  sloId: string
  version: number
  /** Starts of the minutes in minutes since 1970. */
  minute: Float64Array | Uint32Array
  good: Float64Array | Uint32Array
  total: Float64Array | Uint32Array
  /** Epoch ms at which the counts became known. */
  revision: Float64Array | Uint32Array
}

/**
 * The slices of many versions in one query, as columns: reading them costs no object a minute, and picking the newest
 * revision is left to the reader, who has a place for each minute anyway. A version without slices has no entry.
 */
export async function readSliceColumns(
  telemetry: Telemetry,
  { workspace, versions, from, to, asOf }: SliceColumnsQuery,
  limits: QueryLimits = {},
): Promise<VersionColumns[]> {
  if (versions.length === 0) return []
  const result = await telemetry.columns(
    `SELECT slo_id, version,
       groupArray(toUInt32(intDiv(toUnixTimestamp64Milli(minute), 60000))) AS slice_minutes,
       groupArray(good) AS slice_good, groupArray(total) AS slice_total,
       groupArray(toFloat64(revision)) AS slice_revisions
     FROM slices
     WHERE workspace = {workspace:UInt32} AND slo_id IN {sloIds:Array(String)}
       AND (slo_id, version) IN {versions:Array(Tuple(String, UInt32))}
       AND minute >= fromUnixTimestamp64Milli({from:Int64}) AND minute < fromUnixTimestamp64Milli({to:Int64})
       AND revision <= {asOf:UInt64}
     GROUP BY slo_id, version`,
    {
      workspace,
      sloIds: [...new Set(versions.map(({ sloId }) => sloId))],
      versions: versions.map(({ sloId, version }) => new TupleParam([sloId, version])),
      from: Math.ceil(from),
      to: Math.ceil(to),
      asOf: Math.floor(asOf),
    },
    limits,
  )
  const ids = result.texts('slo_id')
  const numbers = result.numbers('version')
  const [minute, good, total, revision] = ['slice_minutes', 'slice_good', 'slice_total', 'slice_revisions'].map(
    (name) => result.arrayColumns(name).flatMap(rowsOf),
  ) as [Rows, Rows, Rows, Rows]
  return ids.map((sloId, i) => ({
    sloId,
    version: numbers[i] as number,
    minute: minute[i] as Rows[number],
    good: good[i] as Rows[number],
    total: total[i] as Rows[number],
    revision: revision[i] as Rows[number],
  }))
}

type Rows = (Float64Array | Uint32Array)[]

/** Each row's part of the column, without a copy. */
function rowsOf({ ends, items }: ArrayColumn): Rows {
  return Array.from(ends, (end, i) => items.subarray(i === 0 ? 0 : ends[i - 1], end))
}
