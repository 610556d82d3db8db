import { measuredOf, type MeasuredSli } from '@nines/contracts'
import {
  addCounterSamples,
  checkRunReduction,
  DAY_MS,
  HOUR_MS,
  isEventSli,
  minuteOf,
  MinuteSeries,
  slicesFromPoints,
  type CounterPoint,
  type CounterReduction,
  type CounterSample,
  type SeriesReduction,
} from '@nines/slo'
import { readSamples } from '../read/read-samples.ts'
import type { Telemetry } from '../telemetry.ts'
import { countEventMinutes } from './count-event-minutes.ts'
import type { CountedRange } from './counted-range.ts'
import { lastPointsBefore, readPoints, withReductions, type PointsBySeries, type PointsOf } from './stored-points.ts'

/** Points of at most this many series-days are read at once, to bound memory. */
const SERIES_DAYS_PER_READ = 50
const MAX_DAYS_PER_READ = 7

/**
 * Counts the minutes of an SLI in [from, to) from stored points, oldest first, stretch by stretch. Each stretch hands its
 * last points to the next, so that increases across the seams are counted, and only once. Nothing before `floor` is
 * looked for. Of an SLI by slices of time, the minutes that these are made of.
 */
export async function* countMinutes(
  telemetry: Telemetry,
  whose: PointsOf,
  series: ReadonlyMap<string, SeriesReduction>,
  { from, to, floor }: Stretch,
): AsyncGenerator<CountedRange> {
  const of = withReductions(whose, series)
  const sli = measuredOf(of.sli)
  if (isEventSli(sli)) {
    yield* countEventMinutes(telemetry, { workspace: of.workspaceNumber, sli }, { from, to })
    return
  }
  const counters = countersOf(sli, series)
  const stretches = counters
    ? countCounters(telemetry, of, counters, { from, to, floor })
    : countPoints(telemetry, of, series, { from, to, floor })
  yield* stretches
}

async function* countPoints(
  telemetry: Telemetry,
  of: PointsOf,
  series: ReadonlyMap<string, SeriesReduction>,
  { from, to, floor }: Stretch,
): AsyncGenerator<CountedRange> {
  const keys = [...series.keys()]
  const chunkMs = chunkMsOf(measuredOf(of.sli), keys.length)
  const start = Math.max(floor, from - HOUR_MS)
  const previous = lastOfEach(await readPoints(telemetry, of, keys, start, from))
  for (let at = from; at < to; at += chunkMs) {
    const end = Math.min(to, at + chunkMs)
    const points = await readPoints(telemetry, of, keys, at, end)
    const baseless = [...points.keys()].filter(
      (key) => series.get(key)?.temporality === 'cumulative' && !previous.has(key),
    )
    for (const [key, point] of await lastPointsBefore(telemetry, of, baseless, start, floor)) previous.set(key, point)
    const counted = [...points].map(([key, found]) => ({
      reduction: series.get(key) ?? checkRunReduction,
      points: withBaseline(previous.get(key), found),
    }))
    yield { from: at, to: end, minutes: slicesFromPoints(counted, at, end) }
    for (const [key, point] of lastOfEach(points)) previous.set(key, point)
  }
}

/** The same for an SLI over counters, of which months are counted in place: no object a sample. */
async function* countCounters(
  telemetry: Telemetry,
  of: PointsOf,
  counters: ReadonlyMap<string, CounterReduction>,
  { from, to, floor }: Stretch,
): AsyncGenerator<CountedRange> {
  const keys = [...counters.keys()]
  const chunkMs = chunkMsOf(measuredOf(of.sli), keys.length)
  const start = Math.max(floor, from - HOUR_MS)
  const previous = new Map<string, CounterSample>()
  const baseline = (points: Map<string, CounterPoint>) => {
    for (const [key, { at, start, counts }] of points) previous.set(key, { at, start, value: counts[0] ?? 0 })
  }
  baseline(lastOfEach(await readPoints(telemetry, of, keys, start, from)))
  for (let at = from; at < to; at += chunkMs) {
    const end = Math.min(to, at + chunkMs)
    const samples = await readSamples(telemetry, { workspace: of.workspaceNumber, series: keys, from: at, to: end })
    const baseless = [...samples.keys()].filter(
      (key) => counters.get(key)?.temporality === 'cumulative' && !previous.has(key),
    )
    baseline(await lastPointsBefore(telemetry, of, baseless, start, floor))
    const minutes = new MinuteSeries()
    for (const [key, columns] of samples) {
      const counter = counters.get(key)
      const last = counter && addCounterSamples(minutes, columns, counter, previous.get(key) ?? null)
      if (last) previous.set(key, last)
    }
    yield { from: at, to: end, minutes }
  }
}

interface Stretch {
  from: number
  to: number
  floor: number
}

/** How each series goes into the SLI when all of them are counters; else null. */
function countersOf(
  sli: MeasuredSli,
  series: ReadonlyMap<string, SeriesReduction>,
): ReadonlyMap<string, CounterReduction> | null {
  if (sli.kind !== 'ratio') return null
  const counters = new Map<string, CounterReduction>()
  for (const [key, { temporality, weights }] of series) if (weights) counters.set(key, { temporality, weights })
  return counters.size === series.size ? counters : null
}

/** Of a check, whose locations are not known before, a day at a time. */
function chunkMsOf({ kind }: MeasuredSli, series: number): number {
  if (kind === 'availability') return DAY_MS
  const days = Math.min(MAX_DAYS_PER_READ, SERIES_DAYS_PER_READ / Math.max(1, series))
  return Math.max(HOUR_MS, minuteOf(DAY_MS * days))
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
