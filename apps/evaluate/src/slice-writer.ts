import type { BlockStream } from '@nines/pipeline'
import { emptyBlock } from '@nines/wire'
import type { SloTracker } from './slo-tracker.ts'

/** A minute is persisted this long after its end: most of its points have arrived by then. */
const SETTLE_MS = 30_000
const SLICES_PER_BLOCK = 5_000

/**
 * Appends the changed minutes of one workspace's SLOs to the block stream, ascending for each, so that the store writes
 * them once. Rejects while the stream refuses; then the minutes that were not appended are due again.
 */
export async function writeSlices(stream: BlockStream, trackers: readonly SloTracker[], now: number): Promise<void> {
  await writeSlicesUntil(stream, trackers, settledBy(now), now)
}

/** Minutes that ended by this instant are to be persisted at `now`. */
export function settledBy(now: number): number {
  return now - SETTLE_MS
}

/** The same of minutes that ended by the instant. */
export async function writeSlicesUntil(
  stream: BlockStream,
  trackers: readonly SloTracker[],
  endedBy: number,
  now: number,
): Promise<void> {
  const [first] = trackers
  if (!first) return
  const due = trackers.flatMap((tracker) => tracker.takeSlices(endedBy, now).map((slice) => ({ tracker, slice })))
  for (let i = 0; i < due.length; i += SLICES_PER_BLOCK) {
    const slices = due.slice(i, i + SLICES_PER_BLOCK).map(({ slice }) => slice)
    try {
      await stream.append({ ...emptyBlock(first.definition.workspaceNumber, now), slices })
    } catch (error) {
      for (const { tracker, slice } of due.slice(i)) tracker.accumulator.giveBack([slice.minute])
      throw error
    }
  }
}
