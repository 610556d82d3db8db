import { HOUR_MS } from '@nines/slo'
import type { BlockStream } from '@nines/pipeline'
import { instantOfEntry } from './entry-id.ts'
import type { EvaluatorState } from './evaluator-state.ts'

/** A series that reports nothing for this long has ended, most likely. */
const SILENT_MS = 2 * HOUR_MS
const LOOK_EVERY_MS = HOUR_MS

/** Lets go, once an hour, of what memory holds of series that have ended and that the store holds completely. */
export class SilentSeries {
  #lookedAt: number | undefined

  async forget(evaluator: Pick<EvaluatorState, 'share' | 'now'> & { stores: { stream: BlockStream } }): Promise<void> {
    const { share, stores } = evaluator
    const now = evaluator.now()
    this.#lookedAt ??= now
    if (now - this.#lookedAt < LOOK_EVERY_MS) return
    const since = Math.min(now - SILENT_MS, await storedUpTo(stores.stream, now))
    this.#lookedAt = now
    for (const router of share.routers.values()) router.forgetSilent()
    for (const tracker of share.trackers) if (tracker.isReady) tracker.forgetSilent(since)
  }
}

/** Everything that was appended before this instant is in the store. */
async function storedUpTo(stream: BlockStream, now: number): Promise<number> {
  let instant = now
  for (let shard = 0; shard < stream.shards; shard++) {
    const [position, last] = [await stream.storePosition(shard), await stream.lastId(shard)]
    if (last !== null && last !== position) instant = Math.min(instant, instantOfEntry(position))
  }
  return instant
}
