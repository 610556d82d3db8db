import {
  checkRunReduction,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  minuteOf,
  slicesFromPoints,
  type CounterPoint,
  type SeriesReduction,
} from '@nines/slo'
import type { Telemetry } from '@nines/telemetry'
import { firstPointsFrom, lastPointsBefore, readPoints, type PointsBySeries } from './stored-points.ts'
import { countStoredEvents, eventSliOf } from './stored-events.ts'
import type { SloTracker } from './slo-tracker.ts'

/** Points of at most this many series-days are read at once, to bound memory. */
const SERIES_DAYS_PER_READ = 50

export interface CountRange {
  from: number
  /** End, exclusive; never beyond the start of the tail. */
  to: number
  /** Nothing before this is looked for. */
  floor: number
  onProgress?: (countedUpTo: number) => void
}

/**
 * Counts the settled minutes of a range anew from stored points and puts them in the tracker. Each chunk hands its last
 * points to the next, so that increases across the seams are counted, and only once.
 */
export async function countStoredMinutes(
  telemetry: Telemetry,
  tracker: SloTracker,
  series: ReadonlyMap<string, SeriesReduction>,
  range: CountRange,
): Promise<void> {
  const events = eventSliOf(tracker)
  if (events) return countStoredEvents(telemetry, tracker, events, range)
  const { from, to, floor, onProgress } = range
  const keys = [...series.keys()]
  const share = Math.min(1, SERIES_DAYS_PER_READ / Math.max(1, keys.length))
  const chunkMs = Math.max(HOUR_MS, minuteOf(DAY_MS * share))
  const start = Math.max(floor, from - HOUR_MS)
  const previous = lastOfEach(await readPoints(telemetry, tracker.definition, keys, start, from))
  for (let at = from; at < to; at = Math.min(to, at + chunkMs)) {
    const end = Math.min(to, at + chunkMs)
    const points = await readPoints(telemetry, tracker.definition, keys, at, end)
    const baseless = [...points.keys()].filter((key) => needsBaseline(series, key) && !previous.has(key))
    const baselines = await lastPointsBefore(telemetry, tracker.definition, baseless, start, floor)
    for (const [key, point] of baselines) previous.set(key, point)
    const counted = [...points].map(([key, found]) => ({
      reduction: series.get(key) ?? checkRunReduction,
      points: withBaseline(previous.get(key), found),
    }))
    tracker.accumulator.settle(at, end, slicesFromPoints(counted, at, end))
    tracker.isTouched = true
    for (const [key, point] of lastOfEach(points)) previous.set(key, point)
    onProgress?.(end)
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
  const events = eventSliOf(tracker)
  // A late event changes no minute but its own.
  if (events) return countStoredEvents(telemetry, tracker, events, { from, to: Math.min(range.to, tailStart) })
  const margin = Math.min(range.to + HOUR_MS, tailStart)
  const to = Math.min(range.to, tailStart)
  if (from >= margin) return
  await countStoredMinutes(telemetry, tracker, series, { from, to: margin, floor })
  const { definition } = tracker
  const cumulative = [...series.keys()].filter((key) => needsBaseline(series, key))
  if (margin >= tailStart || cumulative.length === 0) return
  const inMargin = await readPoints(telemetry, definition, cumulative, to, margin)
  const inRange = await readPoints(telemetry, definition, cumulative, from, to)
  const silent = [...inRange.keys()].filter((key) => !inMargin.has(key))
  const next = await firstPointsFrom(telemetry, definition, silent, margin, tailStart)
  for (const minute of new Set([...next.values()].map((point) => minuteOf(point.at)))) {
    await countStoredMinutes(telemetry, tracker, series, { from: minute, to: minute + MINUTE_MS, floor })
  }
}

function needsBaseline(series: ReadonlyMap<string, SeriesReduction>, key: string): boolean {
  return series.get(key)?.temporality === 'cumulative'
}

function lastOfEach(points: PointsBySeries): Map<string, CounterPoint> {
  const last = new Map<string, CounterPoint>()
  for (const [key, found] of points) {
    const point = found.at(-1)
    if (point) last.set(key, point)
  }
  return last
}

function* withBaseline(baseline: CounterPoint | undefined, points: readonly CounterPoint[]): Generator<CounterPoint> {
  if (baseline) yield baseline
  yield* points
}
