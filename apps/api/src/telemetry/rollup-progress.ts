import type { Clock } from '@nines/kernel'
import { readSummedUpTo, type BucketBook } from '@nines/pipeline'
import type { RollupProgress } from '@nines/telemetry'

/** Rows are marked before they are inserted, so that what was read this long ago still holds for what a query reads. */
const BELIEVED_MS = 500

/** Up to where rollups can be read, by the store's book of what is still to be summed up. Without Redis none is read. */
export function createRollupProgress(book: BucketBook, shards: number, clock: Clock): RollupProgress {
  const known = new Map<number, { progress: ReturnType<RollupProgress>; until: number }>()
  const read = async (shard: number) => {
    const { fiveMinutes, hours } = await readSummedUpTo(book, shard, clock.now())
    return { rollup_5m: fiveMinutes, rollup_1h: hours, service_rollup_1m: fiveMinutes }
  }
  return async (workspace) => {
    const shard = workspace % shards
    const last = known.get(shard)
    if (last && clock.now() < last.until) return last.progress
    const progress = read(shard).catch(() => ({}))
    known.set(shard, { progress, until: clock.now() + BELIEVED_MS })
    return progress
  }
}
