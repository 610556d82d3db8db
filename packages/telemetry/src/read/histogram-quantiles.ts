import { NinesError } from '@nines/kernel'
import {
  addExplicit,
  explicitIncrease,
  explicitQuantile,
  type ExplicitHistogram,
} from '../evaluate/explicit-quantile.ts'
import {
  addExponential,
  bucketsOf,
  exponentialIncrease,
  type ExponentialHistogram,
} from '../evaluate/exponential-histogram.ts'
import { exponentialQuantile } from '../evaluate/exponential-quantile.ts'
import { LabelGroups } from '../evaluate/label-groups.ts'
import { instantOf, LOOKBACK_MS, type Grid } from '../evaluate/points.ts'
import type { QueryRow } from '../evaluate/telemetry-query.ts'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import type { KnownSeries } from './known-series.ts'
import { seriesIdList } from './series-id-list.ts'

/** Quantiles of what histograms observed in the windows (t - window, t] of a grid. */
export interface QuantilesQuery {
  telemetry: Telemetry
  workspace: number
  series: readonly KnownSeries[]
  quantiles: readonly number[]
  window: number
  grid: Grid
  by: readonly string[]
  limits: QueryLimits
}

export interface QuantileRow extends QueryRow {
  quantile: number
}

/** Points that one query may look at: each is an object with its buckets. */
const MAX_POINTS = 500_000

interface Point<H> {
  at: number
  histogram: H
}

/** How histograms of one kind are read and reckoned with. */
interface Kind<H> {
  table: string
  columns: string
  parse: (row: Record<string, unknown>) => H
  add: (a: H, b: H) => H
  increase: (before: H, now: H) => H
  quantile: (histogram: H, quantile: number) => number
}

const EXPLICIT: Kind<ExplicitHistogram> = {
  table: 'histograms',
  columns: 'bounds, bucket_counts',
  parse: ({ bounds, bucket_counts: counts }) => ({
    bounds: (bounds as unknown[]).map(Number),
    counts: (counts as unknown[]).map(Number),
  }),
  add: addExplicit,
  increase: explicitIncrease,
  quantile: explicitQuantile,
}

const EXPONENTIAL: Kind<ExponentialHistogram> = {
  table: 'exponential_histograms',
  columns: 'scale, zero_threshold, zero_count, positive_offset, positive_counts, negative_offset, negative_counts',
  parse: (row) => ({
    scale: Number(row.scale),
    zeroThreshold: Number(row.zero_threshold),
    zeroCount: Number(row.zero_count),
    positive: bucketsOf(Number(row.positive_offset), (row.positive_counts as unknown[]).map(Number)),
    negative: bucketsOf(Number(row.negative_offset), (row.negative_counts as unknown[]).map(Number)),
  }),
  add: addExponential,
  increase: exponentialIncrease,
  quantile: exponentialQuantile,
}

/**
 * Rows by group and quantile. Where a group has both explicit and exponential histograms each kind has rows of its own, the
 * exponential ones first: their observations cannot be added.
 */
export async function histogramQuantiles(query: QuantilesQuery): Promise<QuantileRow[]> {
  return [...(await quantilesOf(EXPONENTIAL, query)), ...(await quantilesOf(EXPLICIT, query))]
}

async function quantilesOf<H>(kind: Kind<H>, query: QuantilesQuery): Promise<QuantileRow[]> {
  const { grid, quantiles } = query
  const groups = new LabelGroups(query.by)
  const merged: (H | null)[][] = []
  const points = await readPoints(kind, query)
  for (const series of query.series) {
    const own = points.get(series.id)
    if (!own) continue
    const instants = (merged[groups.numberOf(series.labels)] ??= Array.from({ length: grid.count }, () => null))
    for (let k = 0; k < grid.count; k++) {
      const increase = windowIncrease(kind, own, instantOf(grid, k), query.window, series.temporality === 'delta')
      const before = instants[k] ?? null
      if (increase !== null) instants[k] = before === null ? increase : kind.add(before, increase)
    }
  }
  return groups.labels.flatMap((labels, group) =>
    quantiles.map((quantile) => ({
      labels,
      quantile,
      values: Float64Array.from(merged[group]!, (histogram) =>
        histogram === null ? NaN : kind.quantile(histogram, quantile),
      ),
    })),
  )
}

/** What was observed in (end - window, end], counted from the last point before it as counters are. */
function windowIncrease<H>(
  kind: Kind<H>,
  points: readonly Point<H>[],
  end: number,
  window: number,
  isDelta: boolean,
): H | null {
  const start = end - window
  let before: H | null = null
  let total: H | null = null
  for (let i = firstBehind(points, start - LOOKBACK_MS); i < points.length; i++) {
    const { at, histogram } = points[i]!
    if (at > end) break
    if (at > start) {
      const step: H | null = isDelta ? histogram : before === null ? null : kind.increase(before, histogram)
      if (step !== null) total = total === null ? step : kind.add(total, step)
    }
    before = histogram
  }
  return total
}

/** Index of the first point later than an instant. */
function firstBehind(points: readonly Point<unknown>[], instant: number): number {
  let [low, high] = [0, points.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (points[middle]!.at <= instant) low = middle + 1
    else high = middle
  }
  return low
}

async function readPoints<H>(
  { table, columns, parse }: Kind<H>,
  { telemetry, workspace, series, grid, window, limits }: QuantilesQuery,
): Promise<Map<string, Point<H>[]>> {
  const found = new Map<string, Point<H>[]>()
  if (series.length === 0) return found
  const rows = await telemetry.rows<Record<string, unknown> & { series: string; ms: string }>(
    `SELECT series, toUnixTimestamp64Milli(at) AS ms, ${columns} FROM ${table}
     WHERE workspace = {workspace:UInt32} AND series IN (${seriesIdList(series.map(({ id }) => id))})
       AND at > fromUnixTimestamp64Milli({after:Int64}) AND at <= fromUnixTimestamp64Milli({until:Int64})
     ORDER BY series, at, start, count LIMIT ${MAX_POINTS + 1}`,
    {
      workspace,
      after: Math.floor(instantOf(grid, 0) - window - LOOKBACK_MS),
      until: Math.floor(instantOf(grid, grid.count - 1)),
    },
    limits,
  )
  if (rows.length > MAX_POINTS)
    throw new NinesError('too_large', `more than ${MAX_POINTS} histograms: select fewer series or a shorter range`)
  for (const row of rows) {
    const own = found.get(row.series) ?? []
    found.set(row.series, own)
    const point = { at: Number(row.ms), histogram: parse(row) }
    // Where a sender contradicts itself about one instant the row with the highest start, then count, is kept.
    if (own.at(-1)?.at === point.at) own[own.length - 1] = point
    else own.push(point)
  }
  return found
}
