import type { Slice } from '@nines/contracts'
import type { Telemetry } from '../telemetry.ts'

/** Slices of one SLO version whose minute lies in [from, to), epoch milliseconds. */
export interface SlicesQuery {
  workspace: number
  sloId: string
  version: number
  from: number
  to: number
}

/** The newest revision of every stored minute, ascending. */
export async function readSlices(telemetry: Telemetry, query: SlicesQuery): Promise<Slice[]> {
  const { workspace, sloId, version, from, to } = query
  const result = await telemetry.columns(
    `SELECT minute, good, total, expected, toFloat64(revision) AS revision FROM slices FINAL
     WHERE workspace = {workspace:UInt32} AND slo_id = {sloId:String} AND version = {version:UInt32}
       AND minute >= fromUnixTimestamp64Milli({from:Int64}) AND minute < fromUnixTimestamp64Milli({to:Int64})
     ORDER BY minute`,
    { workspace, sloId, version, from: Math.ceil(from), to: Math.ceil(to) },
  )
  const [minute, good, total, expected, revision] = ['minute', 'good', 'total', 'expected', 'revision'].map((name) =>
    result.numbers(name),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
  return Array.from({ length: result.rowCount }, (_, i) => ({
    sloId,
    version,
    minute: minute[i] as number,
    good: good[i] as number,
    total: total[i] as number,
    expected: expected[i] as number,
    revision: revision[i] as number,
  }))
}
