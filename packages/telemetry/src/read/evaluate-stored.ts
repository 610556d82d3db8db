import { NinesError } from '@nines/kernel'
import { evaluateSeries, windowOf } from '../evaluate/evaluate-series.ts'
import { instantOf, LOOKBACK_MS, type Points } from '../evaluate/points.ts'
import type { QueryRow, TelemetryQuery } from '../evaluate/telemetry-query.ts'
import { kernelFor, kernelOf } from '../evaluate/window-function.ts'
import type { Kernel } from '../evaluate/window.ts'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import type { FinishedBuckets } from './finished-buckets.ts'
import { inBatches } from './in-batches.ts'
import type { KnownSeries } from './known-series.ts'
import { QueryRows } from './query-rows.ts'
import { readRuns } from './read-runs.ts'
import type { SeriesLevel } from './rollup-levels.ts'
import { seriesIdList } from './series-id-list.ts'

/** Samples that one statement may bring, about: they and their copies are in memory at once. */
const POINTS_PER_BATCH = 1_500_000
/** How far apart samples are taken to lie when batches are cut. */
const USUAL_STEP_MS = 15_000
const SERIES_PER_BATCH = 5_000
/** One batch is evaluated while ClickHouse reads the next. */
const BATCHES_AT_ONCE = 2

export interface StoredQuery {
  telemetry: Telemetry
  buckets: FinishedBuckets
  workspace: number
  query: TelemetryQuery
  series: readonly KnownSeries[]
  limits: QueryLimits
}

/** Evaluates over samples. */
export async function evaluateSamples(stored: StoredQuery): Promise<QueryRow[]> {
  const rows = new QueryRows(stored.query)
  await addSamples(stored, rows)
  return rows.rows()
}

/** Adds the results of the series over their samples. */
export async function addSamples(stored: StoredQuery, rows: QueryRows): Promise<void> {
  const { query } = stored
  const stepsBack = query.function === 'last' ? 0 : LOOKBACK_MS
  const numbers = query.function === 'last' ? '' : NUMBERS
  await addRows(stored, rows, {
    kernelFor: (series, points) => kernelFor(query.function, series.temporality === 'delta', points),
    stepMs: USUAL_STEP_MS,
    rows: (ids) => samplesOf(ids, numbers),
    after: instantOf(query.grid, 0) - windowOf(query) - stepsBack,
  })
}

/** Hands over the samples in (after, until] of each series that has any; those that are no number are left out. */
export async function eachSeriesRun(
  { telemetry, workspace, series, limits }: Omit<StoredQuery, 'query' | 'buckets'>,
  { after, until }: { after: number; until: number },
  take: (series: KnownSeries, points: Points) => void,
): Promise<void> {
  const rows = (ids: readonly string[]) => samplesOf(ids, NUMBERS)
  await eachRun({ telemetry, workspace, series, limits }, { rows, stepMs: USUAL_STEP_MS, after, until }, take)
}

const NUMBERS = 'AND NOT isNaN(value)'

function samplesOf(ids: readonly string[], condition: string): string {
  return `(SELECT workspace, series, at, value FROM samples
     WHERE workspace = {workspace:UInt32} AND series IN (${seriesIdList(ids)})
       AND at > fromUnixTimestamp64Milli({after:Int64}) AND at <= fromUnixTimestamp64Milli({until:Int64}) ${condition})`
}

/** What a bucket holds stands for its end; windows are made of whole buckets. */
const BUCKET_KERNELS = {
  increase: kernelOf('sum_over_time', false),
  rate: kernelOf('rate', true),
  sum_over_time: kernelOf('sum_over_time', false),
  count_over_time: kernelOf('sum_over_time', false),
  min_over_time: kernelOf('min_over_time', false),
  max_over_time: kernelOf('max_over_time', false),
} as const

/** Evaluates over the rows of a rollup. */
export async function evaluateRollup(stored: StoredQuery, level: SeriesLevel, column: string): Promise<QueryRow[]> {
  const { query } = stored
  const kernel = BUCKET_KERNELS[query.function as keyof typeof BUCKET_KERNELS]
  const answer = new QueryRows(query)
  await addRows(stored, answer, {
    kernelFor: () => kernel,
    stepMs: level.width,
    rows: (ids) =>
      `(SELECT workspace, series, at + toIntervalMillisecond(${level.width}) AS at, toFloat64(${column}) AS value
       FROM (SELECT workspace, series, at, ${column} FROM ${level.table} FINAL
         WHERE workspace = {workspace:UInt32} AND series IN (${seriesIdList(ids)})
           AND at >= fromUnixTimestamp64Milli({after:Int64}) AND at < fromUnixTimestamp64Milli({until:Int64})))`,
    after: instantOf(query.grid, 0) - query.window,
  })
  return answer.rows()
}

interface RunSource {
  /** How far apart the rows of a series lie, for the size of batches. */
  stepMs: number
  /** Rows (workspace, series, at, value), in parentheses. */
  rows: (ids: readonly string[]) => string
  /** Rows behind this instant. */
  after: number
}

async function addRows(
  stored: StoredQuery,
  rows: QueryRows,
  { kernelFor: kernelOfRun, ...source }: RunSource & { kernelFor: (series: KnownSeries, points: Points) => Kernel },
): Promise<void> {
  const { query } = stored
  const results = new Float64Array(query.grid.count)
  const until = instantOf(query.grid, query.grid.count - 1)
  await eachRun(stored, { ...source, until }, (one, points) => {
    evaluateSeries(points, kernelOfRun(one, points), query, results)
    rows.add(one.labels, results)
  })
}

async function eachRun(
  { telemetry, workspace, series, limits }: Omit<StoredQuery, 'query' | 'buckets'>,
  { rows, stepMs, after, until }: RunSource & { until: number },
  take: (series: KnownSeries, points: Points) => void,
): Promise<void> {
  const byId = new Map(series.map((one) => [one.id, one]))
  const size = Math.min(SERIES_PER_BATCH, Math.ceil(POINTS_PER_BATCH / Math.max(1, (until - after) / stepMs)))
  await inBatches(
    series.map((one) => one.id),
    { size, atOnce: BATCHES_AT_ONCE },
    (ids) => readRuns(telemetry, rows(ids), { workspace, after: Math.floor(after), until: Math.floor(until) }, limits),
    (runs) => {
      for (const run of runs) {
        limits.signal?.throwIfAborted()
        const one = byId.get(run.series)
        if (!one) throw new NinesError('internal', `ClickHouse answered with a series that was not asked for`)
        take(one, run.points)
      }
    },
  )
}
