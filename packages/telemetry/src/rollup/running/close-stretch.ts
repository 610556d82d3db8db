import type { Telemetry } from '../../telemetry.ts'
import { rollUp5m } from '../roll-up-5m.ts'
import { rollUpServices } from '../roll-up-services.ts'
import type { RollupRange, ShardShare } from '../rollup-range.ts'
import { insertRunningBuckets, insertRunningServices } from './insert-running.ts'
import type { RunningRollups } from './running-rollups.ts'

/** Inserts the buckets that are closed so far. Resolves when they are stored; on an error they wait as before. */
export async function storeRunningRows(telemetry: Telemetry, rollups: RunningRollups): Promise<void> {
  const chunks = rollups.takeRows()
  try {
    await insertRunningBuckets(telemetry, chunks)
  } catch (error) {
    rollups.giveBackRows(chunks)
    throw error
  }
}

/**
 * Brings rollup_5m and service_rollup_1m up to date for the buckets that start in [from, to): with what was summed while
 * samples went by, and by computing the rest from stored samples. Answers the starts of the buckets that changed. Rejects
 * when the store is away, and may then be repeated.
 */
export async function closeStretch(
  telemetry: Telemetry,
  rollups: RunningRollups,
  shards: ShardShare,
  { from, to }: { from: number; to: number },
): Promise<number[] | 'all'> {
  const stretch = rollups.close(from, to)
  try {
    await storeRunningRows(telemetry, rollups)
    if (stretch.isUnknown) {
      await recompute(telemetry, { from, to, shards })
      return 'all'
    }
    await insertRunningServices(telemetry, stretch.services)
    for (const only of stretch.changed) await recompute(telemetry, { from, to, only })
    return stretch.touched
  } catch (error) {
    rollups.putBack(stretch)
    throw error
  }
}

async function recompute(telemetry: Telemetry, range: RollupRange): Promise<void> {
  await rollUp5m(telemetry, range)
  await rollUpServices(telemetry, range)
}
