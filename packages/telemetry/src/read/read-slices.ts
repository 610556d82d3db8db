import type { Slice } from '@nines/contracts'
import type { Telemetry } from '../telemetry.ts'

/** Slices of one SLO version whose minute lies in [from, to), epoch milliseconds. */
export interface SlicesQuery {
  workspace: number
  sloId: string
  version: number
  from: number
  to: number
  /** As they were known at this instant (epoch ms); now when left out. */
  asOf?: number
}

export interface KnownSlice extends Slice {
  /** How many revisions of the minute were known. */
  revisions: number
}

/** The newest revision of every stored minute that was known at the instant, ascending. */
export async function readSlices(
  telemetry: Telemetry,
  { workspace, sloId, version, from, to, asOf = Number.MAX_SAFE_INTEGER }: SlicesQuery,
): Promise<KnownSlice[]> {
  // Without FINAL: a row that stands twice because an insert was repeated is the same row.
  const result = await telemetry.columns(
    `SELECT minute, argMax(good, revision) AS newest_good, argMax(total, revision) AS newest_total,
       argMax(expected, revision) AS newest_expected, toFloat64(max(revision)) AS newest_revision,
       toFloat64(uniqExact(revision)) AS revisions
     FROM slices
     WHERE workspace = {workspace:UInt32} AND slo_id = {sloId:String} AND version = {version:UInt32}
       AND minute >= fromUnixTimestamp64Milli({from:Int64}) AND minute < fromUnixTimestamp64Milli({to:Int64})
       AND revision <= {asOf:UInt64}
     GROUP BY minute ORDER BY minute`,
    { workspace, sloId, version, from: Math.ceil(from), to: Math.ceil(to), asOf: Math.floor(asOf) },
  )
  const column = (name: string) => result.numbers(name)
  const [minute, good, total] = [column('minute'), column('newest_good'), column('newest_total')]
  const [expected, revision] = [column('newest_expected'), column('newest_revision')]
  const revisions = column('revisions')
  return Array.from(minute, (at, i) => ({
    sloId,
    version,
    minute: at,
    good: good[i]!,
    total: total[i]!,
    expected: expected[i]!,
    revision: revision[i]!,
    revisions: revisions[i]!,
  }))
}
