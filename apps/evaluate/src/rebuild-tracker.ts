import { NinesError } from '@nines/kernel'
import { checkRunReduction, HOUR_MS, MINUTE_MS, minuteOf, type SeriesReduction, type Span } from '@nines/slo'
import {
  findStoredSeries,
  lastPointsBefore,
  readPoints,
  readVersionSlices,
  withReductions,
  type Telemetry,
} from '@nines/telemetry'
import { countStoredMinutes } from './count-stored-minutes.ts'
import { NewestSlices } from './newest-slices.ts'
import { absorbEvents, eventSliOf } from './stored-events.ts'
import { TAIL_MS, type SloTracker } from './slo-tracker.ts'
import type { SeriesRouter } from './series-router.ts'

/** The longest that a point's clock may run ahead of ours. */
const AHEAD_MS = 15 * 60_000
/** Data that came while nobody followed the stream is looked for this far back: 48 h, and a while for the rest to wait in. */
const LATEST_MS = 49 * HOUR_MS

const NO_SERIES: ReadonlyMap<string, SeriesReduction> = new Map()

export interface RebuildContext {
  telemetry: Telemetry
  router: SeriesRouter
  /** False once the SLO has another owner or version, or the app stops: then the rebuild ends early. */
  isWanted: () => boolean
}

export interface RestContext extends RebuildContext {
  /** From when on an earlier rebuild counted everything; null where that is not known. */
  countedFrom: number | null
  /** The stretch [from, to) has to be known; up to `countedUpTo` it is, by slices of an earlier attempt or owner. */
  onBegun: (span: Span, countedUpTo: number) => Promise<void>
  /** Everything before the instant has been counted now, and is in the tracker. */
  onCounted: (countedUpTo: number) => Promise<void>
}

/**
 * Brings the recent past of an SLO version into memory, so that pages need not wait for months: its persisted slices; what was
 * never persisted (a new version's history, or the time nobody evaluated) counted from raw points; and the raw points of the
 * tail. The stream is being followed meanwhile: both sources may bring the same point, and it counts once. Nothing of it may be
 * persisted before the rest is: who goes on with it begins behind the newest slice that was written.
 */
export async function rebuildRecent(context: RebuildContext, tracker: SloTracker, now: number): Promise<void> {
  const { telemetry, router } = context
  const { accumulator } = tracker
  const to = accumulator.tailStart
  const recentFrom = Math.min(tracker.recentFrom(now), to)
  const floor = tracker.windowStart(now) - HOUR_MS
  const series = await connectStoredSeries(telemetry, router, tracker, now)
  const { span: persisted, rows } = await restoreSlices(telemetry, tracker, { from: recentFrom, to })
  const from = Math.max(recentFrom, uncertainFrom(tracker, persisted?.to ?? null, now))
  const onProgress = async () => requireWanted(context, tracker)
  await countStoredMinutes(telemetry, tracker, series, { from, to, floor, onProgress })
  await absorbTail(telemetry, tracker, series, { now, floor })
  tracker.recentlyPersisted = persisted && { ...persisted, perMs: rows / (to - recentFrom) }
  tracker.becomeRecent(recentFrom)
}

/** Brings the rest of the window into memory, of a version whose recent past is there. */
export async function rebuildRest(context: RestContext, tracker: SloTracker, now: number): Promise<void> {
  const { telemetry, router } = context
  const { knownFrom, accumulator, recentlyPersisted } = tracker
  const windowStart = tracker.windowStart(now)
  const floor = windowStart - HOUR_MS
  // As many revisions a minute as lately, where there were any.
  const rows = recentlyPersisted ? Math.ceil(recentlyPersisted.perMs * (knownFrom - windowStart)) : undefined
  const { span: older } = await restoreSlices(telemetry, tracker, { from: windowStart, to: knownFrom }, rows)
  const newest = recentlyPersisted?.to ?? older?.to ?? null
  const from = Math.max(windowStart, uncertainFrom(tracker, newest, now))
  const oldest = Math.min(older?.from ?? recentlyPersisted?.from ?? from, from)
  const { countedFrom } = context
  const lacksOlder = tracker.keptFor.length > 0 && (countedFrom === null || countedFrom > windowStart)
  // Most were evaluated until a moment ago, and there is nothing to count.
  const isSeriesNeeded = lacksOlder || from < knownFrom
  const series = isSeriesNeeded ? await connectStoredSeries(telemetry, router, tracker, now) : NO_SERIES
  if (lacksOlder) {
    // Nothing is persisted before all of it is counted, or a restart would take the first of it for the whole.
    const to = countedFrom ?? oldest
    const onProgress = async () => requireWanted(context, tracker)
    await countStoredMinutes(telemetry, tracker, series, { from: windowStart, to, floor, onProgress })
  }
  await context.onBegun({ from: windowStart, to: accumulator.tailStart }, from)
  if (from < knownFrom) {
    const onProgress = async (countedUpTo: number) => {
      requireWanted(context, tracker)
      await context.onCounted(countedUpTo)
    }
    await countStoredMinutes(telemetry, tracker, series, { from, to: knownFrom, floor, onProgress })
  }
  // What was counted of the recent past goes out behind it.
  const { tailStart } = accumulator
  if (accumulator.hasChanged(tailStart)) await context.onCounted(tailStart)
}

function requireWanted({ isWanted }: RebuildContext, { definition }: SloTracker): void {
  if (!isWanted()) throw new NinesError('gone', `counting the history of ${definition.id} was given up`)
}

/**
 * Has rows of every stored series of the SLO come to it from now on, and answers how each goes into it. Series that were
 * announced before this SLO existed may belong to nobody until then, and rows of such series are passed over.
 */
export async function connectStoredSeries(
  telemetry: Telemetry,
  router: SeriesRouter,
  tracker: SloTracker,
  now: number,
): Promise<Map<string, SeriesReduction>> {
  const series = new Map<string, SeriesReduction>()
  const floor = tracker.windowStart(now) - HOUR_MS
  for (const { definition: found, reduction } of await findStoredSeries(telemetry, tracker.definition, floor)) {
    series.set(found.id, reduction)
    if (reduction.temporality === 'cumulative' && !tracker.accumulator.hasSeries(found.id))
      tracker.storedSeries.set(found.id, reduction)
    router.connect(found, tracker, reduction)
  }
  return series
}

/** From when on persisted slices are not to be trusted as they are; -Infinity when there are none. */
function uncertainFrom(tracker: SloTracker, persistedUpTo: number | null, now: number): number {
  if (persistedUpTo === null) return -Infinity
  const unwritten = persistedUpTo - TAIL_MS
  return tracker.hasMissedEntries ? Math.min(unwritten, minuteOf(now - LATEST_MS)) : unwritten
}

/** Takes persisted minutes over; the oldest and the newest of them, null when this version has none, and how many revisions there were. */
async function restoreSlices(
  telemetry: Telemetry,
  tracker: SloTracker,
  span: Span,
  rows?: number,
): Promise<{ span: Span | null; rows: number }> {
  const { id: sloId, version, workspaceNumber: workspace } = tracker.definition
  const stored = await readVersionSlices(telemetry, { workspace, sloId, version, ...span, rows })
  if (!stored && tracker.passingSlices.size === 0) return { span: null, rows: 0 }
  const newest = new NewestSlices(span)
  if (stored) {
    const { minute, good, total, revision } = stored
    for (let i = 0; i < minute.length; i++) newest.take(minute[i]! * MINUTE_MS, good[i]!, total[i]!, revision[i]!)
  }
  for (const { minute, good, total, revision } of tracker.passingSlices.values())
    newest.take(minute, good, total, revision)
  const { columns } = newest
  if (columns) tracker.accumulator.restore(columns.first, columns.good, columns.total)
  tracker.lastRevision = Math.max(tracker.lastRevision, newest.lastRevision)
  return { span: newest.span, rows: stored?.minute.length ?? 0 }
}

/** Raw points of the tail, each series with the one before it. */
async function absorbTail(
  telemetry: Telemetry,
  tracker: SloTracker,
  series: ReadonlyMap<string, SeriesReduction>,
  { now, floor }: { now: number; floor: number },
): Promise<void> {
  const events = eventSliOf(tracker)
  if (events) return absorbEvents(telemetry, tracker, events, now + AHEAD_MS)
  const { accumulator } = tracker
  const of = withReductions(tracker.definition, series)
  const { tailStart } = accumulator
  const from = tailStart - HOUR_MS
  const keys = [...series.keys()]
  const points = await readPoints(telemetry, of, keys, from, now + AHEAD_MS)
  const present = new Set([...points.keys(), ...keys.filter((key) => accumulator.hasSeries(key))])
  const baseless = [...present].filter(
    (key) => series.get(key)?.temporality === 'cumulative' && (points.get(key)?.[0]?.at ?? Infinity) >= tailStart,
  )
  const baselines = await lastPointsBefore(telemetry, of, baseless, from, floor)
  for (const key of present) {
    const reduction = series.get(key) ?? checkRunReduction
    const baseline = baselines.get(key)
    accumulator.absorb(key, reduction, [...(baseline ? [baseline] : []), ...(points.get(key) ?? [])])
    tracker.storedSeries.delete(key)
    tracker.ungrounded.delete(key)
  }
}

/** Finds, for series that reported after a long silence, the point that their increase is to be counted from. */
export async function groundSeries(telemetry: Telemetry, tracker: SloTracker, now: number): Promise<void> {
  const waiting = [...tracker.ungrounded]
  if (waiting.length === 0) return
  const { accumulator } = tracker
  const of = withReductions(tracker.definition, tracker.ungrounded)
  const floor = tracker.windowStart(now) - HOUR_MS
  const keys = waiting.map(([key]) => key)
  const baselines = await lastPointsBefore(telemetry, of, keys, accumulator.tailStart, floor)
  for (const [key, reduction] of waiting) {
    const point = baselines.get(key)
    if (point) accumulator.absorb(key, reduction, [point])
    tracker.storedSeries.delete(key)
    tracker.ungrounded.delete(key)
  }
  tracker.touch()
}
