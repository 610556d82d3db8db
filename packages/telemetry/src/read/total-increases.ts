import { evaluateSeries } from '../evaluate/evaluate-series.ts'
import { MINUTE_MS } from '../evaluate/minute-sums.ts'
import { LOOKBACK_MS } from '../evaluate/points.ts'
import { sumBuckets } from '../evaluate/sum-buckets.ts'
import { kernelFor } from '../evaluate/window-function.ts'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import type { FinishedBuckets } from './finished-buckets.ts'
import { inBatches } from './in-batches.ts'
import type { KnownSeries } from './known-series.ts'
import { minuteBuckets } from './minute-buckets.ts'
import { readSeriesBuckets } from './read-buckets.ts'
import { readRuns } from './read-runs.ts'
import type { RollupTable, SeriesLevel } from './rollup-levels.ts'
import { seriesIdList } from './series-id-list.ts'
import { windowSegments } from './window-segments.ts'

const SERIES_PER_BATCH = 5_000
/** Buckets that are read together around an end of the window, which lies in the next of them a little later. */
const AROUND = 60
/** Of more series than this only what is needed is read. */
const FEW_SERIES = 2_000
/** Longer edges, which there are where nothing is rolled up, are not worth being kept by minute. */
const MAX_EDGE_MS = 60 * 60_000
/** Of samples, which are read at the edges of a window only, unless nothing is rolled up. */
const SAMPLED_MS_PER_BATCH = 1_500_000 * 15_000

export interface IncreasesQuery {
  buckets: FinishedBuckets
  workspace: number
  series: readonly KnownSeries[]
  /** The window (from, to], epoch ms. */
  from: number
  to: number
  completeUntil: Partial<Record<RollupTable, number>>
  limits: QueryLimits
  /** Increases by series id of those who know the latest samples; null where they cannot tell. */
  latest: (span: Span & { series: readonly KnownSeries[] }) => Promise<Map<string, number> | null>
}

/** The increase of every series over one window, however long, by series id; a series without samples has no entry. */
export async function totalIncreases(telemetry: Telemetry, query: IncreasesQuery): Promise<Map<string, number>> {
  const totals = new Map<string, number>()
  const add = (id: string, increase: number) => totals.set(id, (totals.get(id) ?? 0) + increase)
  const gauges = query.series.filter(({ kind }) => kind === 'gauge')
  await Promise.all([
    addSegments(telemetry, { ...query, series: query.series.filter(({ kind }) => kind !== 'gauge') }, add),
    // Rollups hold no increase of gauges.
    gauges.length > 0 && addSampled(telemetry, { ...query, series: gauges }, query, add),
  ])
  return totals
}

async function addSegments(telemetry: Telemetry, query: IncreasesQuery, add: Add): Promise<void> {
  const segments = windowSegments(query.from, query.to, query.completeUntil)
  const coarsest = Math.max(...segments.map(({ level }) => level?.width ?? 0))
  const middle = segments.findIndex(({ level }) => (level?.width ?? 0) === coarsest)
  await Promise.all(
    segments.map(({ from, to, level }, i) => {
      // Both ends of the window move on by themselves, far from each other.
      const part = i < middle ? 'begin' : i > middle ? 'end' : 'middle'
      return level
        ? addRolledUp(telemetry, query, { from, to, level, part }, add)
        : addEdge(telemetry, query, { from, to, part }, add)
    }),
  )
}

interface Span {
  from: number
  to: number
}
/** Tells what is kept for one end of the window from what is kept for the other. */
type Part = Span & { part: 'begin' | 'middle' | 'end' }
type Add = (id: string, increase: number) => void

/** The span with what lies around it, of finished buckets only. */
function aroundOf({ from, to }: Span, width: number, finishedUntil: number, series: number): Span {
  if (series > FEW_SERIES) return { from, to }
  const stretch = width * AROUND
  const lastFinished = Math.floor(finishedUntil / width) * width
  return {
    from: Math.floor(from / stretch) * stretch,
    to: Math.max(to, Math.min(Math.ceil(to / stretch) * stretch, lastFinished)),
  }
}

async function addRolledUp(
  telemetry: Telemetry,
  { buckets, workspace, series, limits, completeUntil }: IncreasesQuery,
  { level, from, to, part }: Part & { level: SeriesLevel },
  add: Add,
): Promise<void> {
  for (const [column, isDelta] of [
    ['increase', false],
    ['sum', true],
  ] as const) {
    const ids = series.filter(({ temporality }) => (temporality === 'delta') === isDelta).map(({ id }) => id)
    const kept = aroundOf({ from, to }, level.width, completeUntil[level.table] ?? to, ids.length)
    const rows = await readSeriesBuckets({ telemetry, buckets, workspace, part, limits, ...kept }, level, column, ids)
    for (const [id, row] of rows) {
      const increase = sumBuckets(row, level.width, from, to)
      if (!Number.isNaN(increase)) add(id, increase)
    }
  }
}

/** A part of the window at its edge: minutes, which are kept in memory, as far as all their samples are stored. */
async function addEdge(telemetry: Telemetry, query: IncreasesQuery, { from, to, part }: Part, add: Add): Promise<void> {
  const finished = Math.floor(Math.min(to, query.completeUntil.rollup_5m ?? -Infinity) / MINUTE_MS) * MINUTE_MS
  const isOfMinutes = from % MINUTE_MS === 0 && finished > from && to - from <= MAX_EDGE_MS
  if (!isOfMinutes) return addSampled(telemetry, query, { from, to }, add)
  const { buckets, workspace, series, limits } = query
  const kept = aroundOf({ from, to: finished }, MINUTE_MS, query.completeUntil.rollup_5m ?? finished, series.length)
  const rows = await minuteBuckets({ telemetry, buckets, workspace, series, limits, part }, kept)
  const paused = series.filter(({ id }) => {
    const increase = sumBuckets(rows.get(id)!, MINUTE_MS, from, finished)
    if (Number.isFinite(increase)) add(id, increase)
    return increase === Infinity
  })
  await Promise.all([
    paused.length > 0 && addSampled(telemetry, { ...query, series: paused }, { from, to: finished }, add),
    finished < to && addLatest(telemetry, query, { from: finished, to }, add),
  ])
}

async function addLatest(telemetry: Telemetry, query: IncreasesQuery, span: Span, add: Add): Promise<void> {
  const increases = await query.latest({ ...span, series: query.series })
  if (!increases) return addSampled(telemetry, query, span, add)
  for (const [id, increase] of increases) add(id, increase)
}

async function addSampled(
  telemetry: Telemetry,
  { workspace, series, limits }: IncreasesQuery,
  { from, to }: Span,
  add: Add,
): Promise<void> {
  const byId = new Map(series.map((one) => [one.id, one]))
  const span = { workspace, after: Math.floor(from - LOOKBACK_MS), until: Math.floor(to) }
  const evaluation = { function: 'increase', window: to - from, grid: { from: to, step: 0, count: 1 } } as const
  const result = new Float64Array(1)
  await inBatches(
    [...byId.keys()],
    { size: Math.min(SERIES_PER_BATCH, Math.ceil(SAMPLED_MS_PER_BATCH / (span.until - span.after))), atOnce: 2 },
    (ids) =>
      readRuns(
        telemetry,
        `(SELECT workspace, series, at, value FROM samples
         WHERE workspace = {workspace:UInt32} AND series IN (${seriesIdList(ids)}) AND NOT isNaN(value)
           AND at > fromUnixTimestamp64Milli({after:Int64}) AND at <= fromUnixTimestamp64Milli({until:Int64}))`,
        span,
        limits,
      ),
    (runs) => {
      for (const run of runs) {
        const isDelta = byId.get(run.series)?.temporality === 'delta'
        evaluateSeries(run.points, kernelFor('increase', isDelta, run.points), evaluation, result)
        if (!Number.isNaN(result[0]!)) add(run.series, result[0]!)
      }
    },
  )
}
