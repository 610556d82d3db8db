import { measuredOf, type OwnSli, type SeriesDefinition } from '@nines/contracts'
import {
  compileSli,
  HOUR_MS,
  pointFromCheckRun,
  pointsFromExponentials,
  pointsFromHistograms,
  pointsFromSamples,
  selectorsOf,
  seriesOfCheckRun,
  type CounterPoint,
  type SeriesReduction,
} from '@nines/slo'
import { readCheckRuns } from '../read/check-runs.ts'
import { findSeries } from '../read/find-series.ts'
import { readExponentialHistograms } from '../read/read-exponential-histograms.ts'
import { readHistograms } from '../read/read-histograms.ts'
import { readSamples } from '../read/read-samples.ts'
import type { Telemetry } from '../telemetry.ts'

/** What is read: whose telemetry, for which SLI. */
export interface PointsOf {
  workspaceNumber: number
  sli: OwnSli
  /** Series that are known to count with one number a point: no histograms are looked for under them. */
  isCounter?: (series: string) => boolean
}

export interface StoredSeries {
  definition: SeriesDefinition
  reduction: SeriesReduction
}

/** Points by series key, ascending. The key is the series id, or check and location for check runs. */
export type PointsBySeries = Map<string, CounterPoint[]>

/** How far a search for a neighbouring point reaches, step by step: nearly every series has one within the first. */
const SEARCH_STEPS_MS = [HOUR_MS, 24 * HOUR_MS, 240 * HOUR_MS]
/** More runs than a check makes in a day at its shortest interval from a dozen locations. */
const MAX_RUNS_PER_READ = 250_000

/** Series in the store that feed the SLI, announced since the instant. A check's runs need no series. */
export async function findStoredSeries(
  telemetry: Telemetry,
  { workspaceNumber, sli: whole }: PointsOf,
  since: number,
): Promise<StoredSeries[]> {
  const sli = measuredOf(whole)
  const reduce = compileSli(sli)
  const found = new Map<string, StoredSeries>()
  const all = await Promise.all(
    selectorsOf(sli).map((selector) => findSeries(telemetry, workspaceNumber, selector, { since })),
  )
  for (const definition of all.flat()) {
    const reduction = reduce(definition)
    if (reduction) found.set(definition.id, { definition, reduction })
  }
  return [...found.values()]
}

/** The same, given how each series goes into the SLI. */
export function withReductions(of: PointsOf, series: ReadonlyMap<string, SeriesReduction>): PointsOf {
  const { workspaceNumber, sli } = of
  return { workspaceNumber, sli, isCounter: (id) => series.get(id)?.weights !== undefined }
}

/** Stored points of the series in [from, to). Of a check, those of every location whatever `series` says. */
export async function readPoints(
  telemetry: Telemetry,
  { workspaceNumber: workspace, sli: whole, isCounter = () => false }: PointsOf,
  series: readonly string[],
  from: number,
  to: number,
): Promise<PointsBySeries> {
  if (to <= from) return new Map()
  const sli = measuredOf(whole)
  if (sli.kind === 'availability') {
    const query = { workspace, checkId: sli.checkId, from, to, limit: MAX_RUNS_PER_READ }
    const points: PointsBySeries = new Map()
    for (const run of (await readCheckRuns(telemetry, query)).toReversed()) {
      const key = seriesOfCheckRun(run)
      const known = points.get(key)
      if (known) known.push(pointFromCheckRun(run))
      else points.set(key, [pointFromCheckRun(run)])
    }
    return points
  }
  if (series.length === 0) return new Map()
  const query = { workspace, series, from, to }
  if (sli.kind === 'latency') {
    // A series is of one kind, and is looked for under both: its kind is no part of its key here.
    const [explicit, exponential] = await Promise.all([
      readHistograms(telemetry, query),
      readExponentialHistograms(telemetry, query),
    ])
    return new Map([
      ...[...explicit].map(([id, rows]): [string, CounterPoint[]] => [id, pointsFromHistograms(rows)]),
      ...[...exponential].map(([id, rows]): [string, CounterPoint[]] => [id, pointsFromExponentials(rows)]),
    ])
  }
  const samples = await readSamples(telemetry, query)
  const points = new Map([...samples].map(([id, columns]) => [id, [...pointsFromSamples(columns)]]))
  if (sli.kind !== 'ratio') return points
  // Series without samples here may be histograms, whose observations are events as well.
  const others = series.filter((id) => !points.has(id) && !isCounter(id))
  if (others.length === 0) return points
  const histograms = await readHistograms(telemetry, { ...query, series: others })
  for (const [id, rows] of histograms) points.set(id, pointsFromHistograms(rows))
  return points
}

/** Each series' last point before the instant, searched back to `floor`; a series without one has no entry. */
export async function lastPointsBefore(
  telemetry: Telemetry,
  of: PointsOf,
  series: readonly string[],
  before: number,
  floor: number,
): Promise<Map<string, CounterPoint>> {
  return searchOutward(series, stepsFrom(before, floor), async (wanted, [near, far]) => {
    const points = await readPoints(telemetry, of, wanted, far, near)
    return new Map([...points].map(([key, found]) => [key, found.at(-1)]))
  })
}

/** Each series' first point at or after the instant, searched up to `ceiling`. */
export async function firstPointsFrom(
  telemetry: Telemetry,
  of: PointsOf,
  series: readonly string[],
  from: number,
  ceiling: number,
): Promise<Map<string, CounterPoint>> {
  return searchOutward(series, stepsFrom(from, ceiling), async (wanted, [near, far]) => {
    const points = await readPoints(telemetry, of, wanted, near, far)
    return new Map([...points].map(([key, found]) => [key, found[0]]))
  })
}

type Stretch = [near: number, far: number]

function stepsFrom(origin: number, limit: number): Stretch[] {
  const direction = Math.sign(limit - origin)
  const reach = Math.abs(limit - origin)
  const ends = [...SEARCH_STEPS_MS.filter((step) => step < reach), reach]
  return ends.map((end, i) => [origin + direction * (ends[i - 1] ?? 0), origin + direction * end])
}

async function searchOutward(
  series: readonly string[],
  stretches: readonly Stretch[],
  look: (wanted: readonly string[], stretch: Stretch) => Promise<Map<string, CounterPoint | undefined>>,
): Promise<Map<string, CounterPoint>> {
  const found = new Map<string, CounterPoint>()
  let wanted = series
  for (const stretch of stretches) {
    if (wanted.length === 0) break
    for (const [key, point] of await look(wanted, stretch)) if (point) found.set(key, point)
    wanted = wanted.filter((key) => !found.has(key))
  }
  return found
}
