import type { Labels } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { Aggregator } from '../evaluate/aggregate.ts'
import { evaluateSeries, windowOf } from '../evaluate/evaluate-series.ts'
import { LabelGroups } from '../evaluate/label-groups.ts'
import { instantOf, LOOKBACK_MS, type Points } from '../evaluate/points.ts'
import type { QueryRow, TelemetryQuery } from '../evaluate/telemetry-query.ts'
import { kernelFor, kernelOf } from '../evaluate/window-function.ts'
import type { Kernel } from '../evaluate/window.ts'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import type { FinishedBuckets } from './finished-buckets.ts'
import { inBatches } from './in-batches.ts'
import type { KnownSeries } from './known-series.ts'
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
  const { query } = stored
  const stepsBack = query.function === 'last' ? 0 : LOOKBACK_MS
  const numbers = query.function === 'last' ? '' : 'AND NOT isNaN(value)'
  return evaluateRows(stored, {
    kernelFor: (series, points) => kernelFor(query.function, series.temporality === 'delta', points),
    stepMs: USUAL_STEP_MS,
    rows: (ids) =>
      `(SELECT workspace, series, at, value FROM samples
       WHERE workspace = {workspace:UInt32} AND series IN (${seriesIdList(ids)})
         AND at > fromUnixTimestamp64Milli({after:Int64}) AND at <= fromUnixTimestamp64Milli({until:Int64}) ${numbers})`,
    after: instantOf(query.grid, 0) - windowOf(query) - stepsBack,
  })
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
  return evaluateRows(stored, {
    kernelFor: () => kernel,
    stepMs: level.width,
    rows: (ids) =>
      `(SELECT workspace, series, at + toIntervalMillisecond(${level.width}) AS at, toFloat64(${column}) AS value
       FROM (SELECT workspace, series, at, ${column} FROM ${level.table} FINAL
         WHERE workspace = {workspace:UInt32} AND series IN (${seriesIdList(ids)})
           AND at >= fromUnixTimestamp64Milli({after:Int64}) AND at < fromUnixTimestamp64Milli({until:Int64})))`,
    after: instantOf(query.grid, 0) - query.window,
  })
}

interface RowSource {
  kernelFor: (series: KnownSeries, points: Points) => Kernel
  /** How far apart the rows of a series lie, for the size of batches. */
  stepMs: number
  /** Rows (workspace, series, at, value), in parentheses. */
  rows: (ids: readonly string[]) => string
  /** Rows behind this instant. */
  after: number
}

async function evaluateRows(
  { telemetry, workspace, query, series, limits }: StoredQuery,
  { kernelFor: kernelOfRun, stepMs, rows, after }: RowSource,
): Promise<QueryRow[]> {
  const { grid, aggregate } = query
  const until = instantOf(grid, grid.count - 1)
  const byId = new Map(series.map((one) => [one.id, one]))
  const groups = new LabelGroups(query.by)
  const aggregator = aggregate === null ? null : new Aggregator(aggregate, grid.count, query.quantile)
  const answer: QueryRow[] = []
  const results = new Float64Array(grid.count)
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
        evaluateSeries(run.points, kernelOfRun(one, run.points), query, results)
        if (aggregator) aggregator.add(groups.numberOf(one.labels), results)
        else keepRow(answer, one.labels, results)
      }
    },
  )
  return aggregator ? groups.labels.map((labels, group) => ({ labels, values: aggregator.results(group) })) : answer
}

function keepRow(rows: QueryRow[], labels: Labels, results: Float64Array): void {
  if (results.some((value) => !Number.isNaN(value))) rows.push({ labels, values: results.slice() })
}
