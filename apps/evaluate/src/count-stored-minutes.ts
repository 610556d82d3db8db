import { MINUTE_MS, minuteOf, HOUR_MS, type SeriesReduction } from '@nines/slo'
import { countMinutes, firstPointsFrom, readPoints, withReductions, type Telemetry } from '@nines/telemetry'
import { eventSliOf } from './stored-events.ts'
import type { SloTracker } from './slo-tracker.ts'

export interface CountRange {
  from: number
  /** End, exclusive; never beyond the start of the tail. */
  to: number
  /** Nothing before this is looked for. */
  floor: number
  /** Told after every stretch, which is in the tracker by then. It may reject to end the count. */
  onProgress?: (countedUpTo: number) => Promise<void>
}

/** Counts the settled minutes of a range anew from stored points and puts them in the tracker. */
export async function countStoredMinutes(
  telemetry: Telemetry,
  tracker: SloTracker,
  series: ReadonlyMap<string, SeriesReduction>,
  { from, to, floor, onProgress }: CountRange,
): Promise<void> {
  for await (const counted of countMinutes(telemetry, tracker.definition, series, { from, to, floor })) {
    tracker.accumulator.settle(counted.from, counted.to, counted.minutes)
    tracker.touch()
    await onProgress?.(counted.to)
  }
}

/**
 * Counts hours with late points anew. A late point also changes the increase of the point that follows it, wherever that
 * is: each range is counted one hour longer, and where a series is silent in that hour, its next point's minute as well.
 */
export async function countLateRange(
  telemetry: Telemetry,
  tracker: SloTracker,
  series: ReadonlyMap<string, SeriesReduction>,
  range: { from: number; to: number; tailStart: number; floor: number },
): Promise<void> {
  const { floor, tailStart } = range
  const from = Math.max(range.from, minuteOf(floor))
  // A late event changes no minute but its own.
  if (eventSliOf(tracker)) {
    return countStoredMinutes(telemetry, tracker, series, { from, to: Math.min(range.to, tailStart), floor })
  }
  const margin = Math.min(range.to + HOUR_MS, tailStart)
  const to = Math.min(range.to, tailStart)
  if (from >= margin) return
  await countStoredMinutes(telemetry, tracker, series, { from, to: margin, floor })
  const of = withReductions(tracker.definition, series)
  const cumulative = [...series.keys()].filter((key) => series.get(key)?.temporality === 'cumulative')
  if (margin >= tailStart || cumulative.length === 0) return
  const inMargin = await readPoints(telemetry, of, cumulative, to, margin)
  const inRange = await readPoints(telemetry, of, cumulative, from, to)
  const silent = [...inRange.keys()].filter((key) => !inMargin.has(key))
  const next = await firstPointsFrom(telemetry, of, silent, margin, tailStart)
  for (const minute of new Set([...next.values()].map((point) => minuteOf(point.at)))) {
    await countStoredMinutes(telemetry, tracker, series, { from: minute, to: minute + MINUTE_MS, floor })
  }
}
