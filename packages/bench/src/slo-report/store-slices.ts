import { createTelemetry } from '@nines/telemetry'
import type { NinesTarget } from '../targets/nines.ts'

const MINUTE_MS = 60_000

/**
 * Puts a slice for every minute of [from, to) of each SLO straight into the telemetry store: some thousand events, one minute in
 * fifty with a bad one, and an outage of half an hour every three weeks. Answers the number of slices.
 */
export async function storeSlices(
  { telemetry: address, workspace = 0 }: Pick<NinesTarget, 'telemetry' | 'workspace'>,
  sloIds: readonly string[],
  { from, to }: { from: number; to: number },
): Promise<number> {
  const telemetry = createTelemetry(address)
  const minutes = (to - from) / MINUTE_MS
  try {
    for (const sloId of sloIds) {
      await telemetry.command(
        `INSERT INTO slices (workspace, slo_id, version, minute, good, total, expected, revision)
         SELECT {workspace:UInt32}, {sloId:String}, 1, fromUnixTimestamp64Milli({from:Int64} + number * 60000) AS at,
           all - bad, all, 0, {from:Int64} + number * 60000 + 95000
         FROM (
           SELECT number, cityHash64({sloId:String}, number) AS hash, toFloat64(1000 + hash % 1000) AS all,
             if(number % 30240 < 30, toFloat64(500), toFloat64(hash % 50 = 0)) AS bad
           FROM numbers({minutes:UInt64})
         )
         SETTINGS max_insert_threads = 1`,
        { workspace, sloId, from, minutes },
      )
    }
    return sloIds.length * minutes
  } finally {
    await telemetry.close()
  }
}
