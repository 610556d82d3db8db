import type { SeriesDefinition } from '@nines/contracts'
import { instantOf } from '../evaluate/points.ts'
import type { TelemetryQuery } from '../evaluate/telemetry-query.ts'
import type { WindowFunction } from '../evaluate/window-function.ts'
import { SERIES_LEVELS, SERVICE_LEVEL, type RollupTable, type SeriesLevel } from './rollup-levels.ts'

/** Where the stored part of an answer comes from. */
export type Plan =
  | { source: 'raw' }
  | { source: 'series-rollup'; level: SeriesLevel; column: string }
  /** Sums of services, or of series where `services` is null, by minute. */
  | { source: 'minutes'; services: readonly string[] | null; finishedUntil: number }

export interface PlanInput {
  query: TelemetryQuery
  /** What the selector means. */
  series: readonly SeriesDefinition[]
  /** All series of the metric. */
  ofMetric: readonly SeriesDefinition[]
  completeUntil: Partial<Record<RollupTable, number>>
}

/** Columns of a rollup that stand for a function's result over a bucket, by what the bucket results become together. */
const COLUMNS: Partial<Record<WindowFunction, string>> = {
  increase: 'increase',
  rate: 'increase',
  sum_over_time: 'sum',
  count_over_time: 'count',
  min_over_time: 'min',
  max_over_time: 'max',
}

/**
 * The cheapest source that gives the answer that samples would give: rows by service and minute when the groups are
 * services, else the coarsest rollup whose buckets the windows are made of, else sums of series by minute, else the samples.
 */
export function planQuery({ query, series, ofMetric, completeUntil }: PlanInput): Plan {
  const column = COLUMNS[query.function]
  if (column === undefined || series.length === 0) return { source: 'raw' }
  const until = instantOf(query.grid, query.grid.count - 1)
  const services = servicesOf(query, series, ofMetric)
  const ofServices = services && isOfMinutes(query, services.length)
  const byService = ofServices ? latestFrom(query, completeUntil.service_rollup_1m) : null
  if (byService !== null) return { source: 'minutes', services, finishedUntil: byService }
  const level = SERIES_LEVELS.find(
    ({ table, width }) => isMadeOf(query, width) && (completeUntil[table] ?? -Infinity) >= until,
  )
  const ofSeries = column === 'increase' ? increaseColumn(series) : column
  if (level && ofSeries) return { source: 'series-rollup', level, column: ofSeries }
  const isSum = query.aggregate === 'sum' && isOfMinutes(query, series.length)
  const bySeries = isSum ? latestFrom(query, completeUntil.rollup_5m) : null
  return bySeries === null ? { source: 'raw' } : { source: 'minutes', services: null, finishedUntil: bySeries }
}

/** Minutes behind the finished ones that are made up for from the head or from samples; more of them are not worth it. */
const MOST_LATEST_MS = 15 * 60_000

/** Where the latest minutes of the query begin; null where nothing before them is finished, or they are too many. */
function latestFrom({ grid, window }: TelemetryQuery, finishedUntil = -Infinity): number | null {
  const [from, to] = [instantOf(grid, 0) - window, instantOf(grid, grid.count - 1)]
  return finishedUntil > from && to - finishedUntil <= MOST_LATEST_MS ? finishedUntil : null
}

/** Minutes of all rows of a query together beyond which they would push everything else out of memory. */
const MAX_MINUTES = 2_000_000

/** Whether a query is about increases that minutes add up to, few enough to be kept. */
export function isOfMinutes(query: TelemetryQuery, rows: number): boolean {
  const [from, to] = [instantOf(query.grid, 0) - query.window, instantOf(query.grid, query.grid.count - 1)]
  const width = SERVICE_LEVEL.width
  return COLUMNS[query.function] === 'increase' && isMadeOf(query, width) && (rows * (to - from)) / width <= MAX_MINUTES
}

/** Whether every window of the grid is made of whole buckets. */
export function isMadeOf({ window, grid }: Pick<TelemetryQuery, 'window' | 'grid'>, width: number): boolean {
  return window % width === 0 && grid.from % width === 0 && (grid.count === 1 || grid.step % width === 0)
}

/** The column with the increase of all these series: running totals have it apart, for increments it is their sum. */
export function increaseColumn(series: readonly SeriesDefinition[]): 'increase' | 'sum' | null {
  if (series.some(({ kind }) => kind !== 'sum')) return null
  if (series.every(({ temporality }) => temporality === 'delta')) return 'sum'
  return series.every(({ temporality }) => temporality !== 'delta') ? 'increase' : null
}

/** The service that a series is rolled up under. */
export function serviceOf({ labels }: Pick<SeriesDefinition, 'labels'>): string {
  return labels['service.name'] ?? labels.service ?? labels.job ?? ''
}

/**
 * Services whose rows, summed, are the answer: the groups are services or everything, and the selector tells series apart
 * by nothing but their service. Null when it is not so.
 */
function servicesOf(
  query: TelemetryQuery,
  series: readonly SeriesDefinition[],
  ofMetric: readonly SeriesDefinition[],
): string[] | null {
  if (query.aggregate !== 'sum' || COLUMNS[query.function] !== 'increase' || query.by.length > 1) return null
  if (ofMetric.some(({ kind, temporality }) => kind !== 'sum' || temporality === 'delta')) return null
  const labels = [...new Set([...query.by, ...query.selector.matchers.map((matcher) => matcher.label)])]
  const tellsService = (label: string) => ofMetric.every((one) => (one.labels[label] ?? '') === serviceOf(one))
  return labels.every(tellsService) ? [...new Set(series.map(serviceOf))] : null
}
