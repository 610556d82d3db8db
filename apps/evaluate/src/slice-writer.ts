import type { BlockStream } from '@nines/pipeline'
import { emptyBlock } from '@nines/wire'
import type { SloTracker } from './slo-tracker.ts'

/** A minute is persisted this long after its end: most of its points have arrived by then. */
const SETTLE_MS = 30_000
const SLICES_PER_BLOCK = 5_000

/**
 * Appends the tracker's changed minutes to the block stream, ascending, so that the store writes each once. True when
 * there was something to write. Rejects while the stream refuses; then the same minutes are due again.
 */
export async function writeSlices(stream: BlockStream, tracker: SloTracker, now: number): Promise<boolean> {
  const slices = tracker.takeSlices(now - SETTLE_MS, now)
  for (let i = 0; i < slices.length; i += SLICES_PER_BLOCK) {
    const part = slices.slice(i, i + SLICES_PER_BLOCK)
    try {
      await stream.append({ ...emptyBlock(tracker.definition.workspaceNumber, now), slices: part })
    } catch (error) {
      tracker.accumulator.giveBack(slices.slice(i).map((slice) => slice.minute))
      throw error
    }
  }
  return slices.length > 0
}
