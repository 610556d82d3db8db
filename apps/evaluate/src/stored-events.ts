import { isEventSli, type EventSli } from '@nines/slo'
import { readEvents, type EventColumns, type Telemetry } from '@nines/telemetry'
import { EventKey } from './event-key.ts'
import type { SloTracker } from './slo-tracker.ts'

/** The SLI where it counts spans or log records; null where it counts points of series or check runs. */
export function eventSliOf({ sli }: SloTracker): EventSli | null {
  return isEventSli(sli) ? sli : null
}

/** Takes the stored rows of the tail in beside those that the stream brings. */
export async function absorbEvents(
  telemetry: Telemetry,
  tracker: SloTracker,
  sli: EventSli,
  to: number,
): Promise<void> {
  const { workspaceNumber: workspace } = tracker.definition
  const from = tracker.accumulator.tailStart
  const columns = await readEvents(telemetry, { workspace, sli, from, to })
  const key = new EventKey()
  const words = columns.keys.map(wordsOf)
  for (let row = 0; row < columns.rows; row++) {
    key.begin()
    for (const pair of words) {
      key.add(pair[2 * row]!)
      key.add(pair[2 * row + 1]!)
    }
    const isGood = columns.isGood[row] === 1
    tracker.takeEvent({ at: columns.at[row]!, keyLow: key.low, keyHigh: key.high, isGood }, 'store')
  }
}

/** The halves of 64-bit words, low ones first: so the machines that run this have them in memory, and so the block has. */
function wordsOf(column: EventColumns['keys'][number]): Uint32Array {
  return new Uint32Array(column.buffer, column.byteOffset, 2 * column.length)
}
