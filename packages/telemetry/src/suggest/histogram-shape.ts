import type { SeriesDefinition } from '@nines/contracts'
import type { QuantileValue } from '@nines/slo'
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
import type { QueryLimits } from '../query-limits.ts'
import { seriesIdList } from '../read/series-id-list.ts'
import type { Telemetry } from '../telemetry.ts'
import { POINTS_IN_SPAN } from './stored-rows.ts'

export interface HistogramsOf {
  workspace: number
  series: readonly Pick<SeriesDefinition, 'id' | 'temporality'>[]
  from: number
  to: number
}

/** What some histograms observed together, about: restarts within an hour lose what came before them. */
export interface HistogramShape {
  quantiles: QuantileValue[]
  /** Upper bounds that all of them have; none of exponential ones. */
  bounds: number[]
  /** The coarsest scale of exponential ones; null of explicit ones. */
  scale: number | null
}

const SERIES_PER_QUERY = 2_000
const LIMITS: QueryLimits = { maxSeconds: 20, maxRowsToRead: 50_000_000 }

type Row = Record<string, unknown> & { series: string }

/** How histograms of one kind are read and reckoned with. */
interface Kind<H> {
  /** Increments added up by ClickHouse, of the points h for which the condition holds. */
  increments: (where: string) => string
  parseIncrement: (row: Row) => H
  table: string
  /** Fields of a running total, the instant first, and what SQL answers of them. */
  point: string
  columns: string
  parseTotal: (row: Row) => H
  add: (a: H, b: H) => H
  increase: (before: H, now: H) => H
  isEmpty: (histogram: H) => boolean
  quantile: (histogram: H, quantile: number) => number
  grid: (histogram: H) => Pick<HistogramShape, 'bounds' | 'scale'>
}

const parseExplicit = (row: Row): ExplicitHistogram => ({
  bounds: (row.bounds as unknown[]).map(Number),
  counts: (row.counts as unknown[]).map(Number),
})

const EXPLICIT: Kind<ExplicitHistogram> = {
  increments: (where) => `
    SELECT '' AS series, h.bounds AS bounds, sumForEach(h.bucket_counts) AS counts
    FROM histograms AS h WHERE ${where} GROUP BY h.bounds`,
  parseIncrement: parseExplicit,
  table: 'histograms',
  point: '(h.at, h.bounds, h.bucket_counts)',
  columns: 'point.2 AS bounds, point.3 AS counts',
  parseTotal: parseExplicit,
  add: addExplicit,
  increase: explicitIncrease,
  isEmpty: ({ counts }) => counts.every((count) => count <= 0),
  quantile: explicitQuantile,
  grid: ({ bounds }) => ({ bounds: [...bounds], scale: null }),
}

const zeroOf = (row: Row) => ({
  scale: Number(row.scale),
  zeroThreshold: Number(row.zeroThreshold),
  zeroCount: Number(row.zeroCount),
  negative: new Map<number, number>(),
})

const EXPONENTIAL: Kind<ExponentialHistogram> = {
  increments: (where) => `
    SELECT '' AS series, h.scale AS scale, max(h.zero_threshold) AS zeroThreshold, sum(h.zero_count) AS zeroCount,
      sumMap(arrayMap(i -> toInt32(h.positive_offset + i - 1), arrayEnumerate(h.positive_counts)), h.positive_counts) AS buckets
    FROM exponential_histograms AS h WHERE ${where} GROUP BY h.scale`,
  parseIncrement(row) {
    const [buckets, counts] = row.buckets as [unknown[], unknown[]]
    return { ...zeroOf(row), positive: new Map(buckets.map((bucket, i) => [Number(bucket), Number(counts[i])])) }
  },
  table: 'exponential_histograms',
  point: '(h.at, h.scale, h.zero_threshold, h.zero_count, h.positive_offset, h.positive_counts)',
  columns: 'point.2 AS scale, point.3 AS zeroThreshold, point.4 AS zeroCount, point.5 AS offset, point.6 AS counts',
  parseTotal: (row) => ({
    ...zeroOf(row),
    positive: bucketsOf(Number(row.offset), (row.counts as unknown[]).map(Number)),
  }),
  add: addExponential,
  increase: exponentialIncrease,
  isEmpty: ({ zeroCount, positive }) => zeroCount <= 0 && positive.size === 0,
  quantile: exponentialQuantile,
  grid: ({ scale }) => ({ bounds: [], scale }),
}

type ShapeOf = (
  telemetry: Telemetry,
  of: HistogramsOf,
  quantiles: readonly number[],
  limits?: QueryLimits,
) => Promise<HistogramShape | null>

/**
 * Quantiles of explicit-bounds histograms in [from, to), epoch ms, and the bounds that they have in common. ClickHouse adds
 * up what are increments and thins running totals to the first and the last of each hour, so that months are few rows.
 */
export const explicitShape: ShapeOf = (...asked) => shapeOf(EXPLICIT, ...asked)

/** The same of exponential histograms. */
export const exponentialShape: ShapeOf = (...asked) => shapeOf(EXPONENTIAL, ...asked)

async function shapeOf<H>(
  kind: Kind<H>,
  telemetry: Telemetry,
  of: HistogramsOf,
  quantiles: readonly number[],
  limits: QueryLimits = {},
): Promise<HistogramShape | null> {
  const increments = await rowsOf(telemetry, of, 'delta', limits, kind.increments)
  const totals = await rowsOf(
    telemetry,
    of,
    'cumulative',
    limits,
    (where) => `SELECT series, ${kind.columns} FROM (${endsOfHours(kind, where)}) ORDER BY series, point.1`,
  )
  const all = [...increments.map(kind.parseIncrement), ...increasesOf(totals, kind)].filter((one) => !kind.isEmpty(one))
  if (all.length === 0) return null
  const sum = all.reduce(kind.add)
  return {
    quantiles: quantiles.map((quantile) => ({ quantile, value: kind.quantile(sum, quantile) })),
    ...kind.grid(sum),
  }
}

/** The first and the last point of each series and hour; a lone one twice, which counts nothing. */
function endsOfHours<H>({ table, point }: Kind<H>, where: string): string {
  return `SELECT toString(h.series) AS series, arrayJoin([argMin(${point}, h.at), argMax(${point}, h.at)]) AS point
    FROM ${table} AS h WHERE ${where} GROUP BY h.series, toStartOfHour(h.at)`
}

async function rowsOf(
  telemetry: Telemetry,
  { workspace, series, from, to }: HistogramsOf,
  temporality: 'delta' | 'cumulative',
  limits: QueryLimits,
  statement: (where: string) => string,
): Promise<Row[]> {
  const ids = series.filter((one) => one.temporality === temporality).map(({ id }) => id)
  const found: Row[][] = []
  for (let i = 0; i < ids.length; i += SERIES_PER_QUERY) {
    const where = `h.workspace = {workspace:UInt32} AND h.series IN (${seriesIdList(ids.slice(i, i + SERIES_PER_QUERY))})
      AND ${POINTS_IN_SPAN}`
    found.push(
      await telemetry.rows<Row>(
        statement(where),
        { workspace, from: Math.ceil(from), to: Math.ceil(to) },
        { ...LIMITS, ...limits },
      ),
    )
  }
  return found.flat()
}

/** What each running total grew by from row to row, the first of a series being where counting begins. */
function increasesOf<H>(rows: readonly Row[], { parseTotal, increase }: Kind<H>): H[] {
  const increases: H[] = []
  const newest = new Map<string, H>()
  for (const row of rows) {
    const histogram = parseTotal(row)
    const before = newest.get(row.series)
    if (before !== undefined) increases.push(increase(before, histogram))
    newest.set(row.series, histogram)
  }
  return increases
}
