import { DAY_MS, HOUR_MS, isEventSli, minuteOf, MinuteSeries, type EventSli } from '@nines/slo'
import { countEvents, readEventMinutes, readEvents, type EventColumns, type Telemetry } from '@nines/telemetry'
import { EventKey } from './event-key.ts'
import type { SloTracker } from './slo-tracker.ts'

/** About as many rows are counted at once: telling spans apart takes memory for each. */
const ROWS_PER_READ = 2_000_000
const LONGEST_READ_MS = 30 * DAY_MS

export interface EventRange {
  from: number
  /** End, exclusive. */
  to: number
  onProgress?: (countedUpTo: number) => void
}

/** The SLI where it counts spans or log records; null where it counts points of series or check runs. */
export function eventSliOf({ sli }: SloTracker): EventSli | null {
  return isEventSli(sli) ? sli : null
}

/** Counts the settled minutes of a range anew from stored rows and puts them in the tracker. */
export async function countStoredEvents(
  telemetry: Telemetry,
  tracker: SloTracker,
  sli: EventSli,
  { from, to, onProgress }: EventRange,
): Promise<void> {
  if (from >= to) return
  const { workspaceNumber: workspace } = tracker.definition
  const rows = await countEvents(telemetry, { workspace, sli, from, to })
  const share = Math.min(1, ROWS_PER_READ / Math.max(1, rows))
  const chunkMs = Math.min(LONGEST_READ_MS, Math.max(HOUR_MS, minuteOf((to - from) * share)))
  for (let at = from; at < to; at = Math.min(to, at + chunkMs)) {
    const end = Math.min(to, at + chunkMs)
    const counted = new MinuteSeries()
    for (const minute of await readEventMinutes(telemetry, { workspace, sli, from: at, to: end }))
      counted.set(minute.at, minute)
    tracker.accumulator.settle(at, end, counted)
    tracker.isTouched = true
    onProgress?.(end)
  }
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
