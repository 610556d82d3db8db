import type { Temporality } from '@nines/contracts'
import type { BlockBuilder } from '../block/block-builder.ts'
import { histogramFault, STALE_HISTOGRAM_ROW, type HistogramPoint } from '../metrics/explicit-histogram.ts'
import {
  bucketTotal,
  exponentialRow,
  STALE_EXPONENTIAL_ROW,
  type ExponentialPoint,
} from '../metrics/exponential-histogram.ts'
import type { Exemplar } from '../metrics/exemplar.ts'
import { DEFAULT_METRIC_LIMITS, timeRefusal, type MetricLimits } from '../metrics/metric-limits.ts'
import type { CachedSeries } from '../series/cached-series.ts'
import { Refused } from '../series/refused.ts'
import type { SeriesCache } from '../series/series-cache.ts'
import type { AttributeSource } from './attribute.ts'
import { attributeLabels } from './merge-labels.ts'
import { PointSeries, type PointPlace } from './point-series.ts'
import { RejectedPoints } from './rejected-points.ts'
import type { IngestOutcome } from './rejected-rows.ts'
import { summaryFault, SummarySeries, type SummaryPoint } from './summary-series.ts'

/** Kinds of data that a metric may have in OTLP. */
export type MetricKind = 'gauge' | 'sum' | 'histogram' | 'exponential_histogram' | 'summary'

/** A metric as its message describes it, before its points. */
export interface MetricHead {
  name: string
  unit: string
  description: string
  kind: MetricKind
  /** OTLP's number: 1 delta, 2 cumulative; anything else is refused for sums and histograms. */
  temporality: number
  monotonic: boolean
}

/** What every point says: its attributes, its times (epoch ms) and its flags. */
export interface PointHead {
  attributes: AttributeSource
  start: number
  at: number
  flags: number
}

const TEMPORALITIES: Record<number, Temporality> = { 1: 'delta', 2: 'cumulative' }
/** OTLP's DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK: the series has ended; nothing was measured. */
const NO_RECORDED_VALUE = 1
const MAX_METRIC_NAME_BYTES = 256
const MAX_DESCRIPTION = 1_024
const MAX_UNIT = 64

/**
 * Turns the content of one OTLP metrics request into rows. Every format drives this one class in the order of the
 * message (resource, scope, metric, points, exemplars of the point), so that the same data in another encoding gives the
 * same block.
 *
 * What a point must satisfy: a finite value; a time at most 400 days old and 10 minutes ahead; labels within limits. A
 * point that does not is rejected and named, the rest is kept. Points that say "no recorded value" become stale markers.
 */
export class MetricsNormaliser {
  readonly #builder: BlockBuilder
  readonly #now: number
  readonly #limits: MetricLimits
  readonly #rejected = new RejectedPoints()
  readonly #series: PointSeries
  #accepted = 0
  #head: MetricHead = { name: '', unit: '', description: '', kind: 'gauge', temporality: 0, monotonic: false }
  /** Why no point of the current metric can be kept. */
  #metricFault = ''
  #place: PointPlace | null = null
  #summary: SummarySeries | null = null
  /** The point that exemplars belong to; null when it was rejected. */
  #pointSeries: CachedSeries | null = null

  constructor(builder: BlockBuilder, cache: SeriesCache, now: number, limits: MetricLimits = DEFAULT_METRIC_LIMITS) {
    this.#builder = builder
    this.#series = new PointSeries(cache, builder.workspace, now, limits)
    this.#now = now
    this.#limits = limits
  }

  /** The series of the point that was read last, other than a summary's; null when it was rejected. */
  get pointSeries(): CachedSeries | null {
    return this.#pointSeries
  }

  resource(attributes: AttributeSource | null): void {
    this.#series.resource(attributes)
  }

  scope(name: string): void {
    this.#series.scope(name)
  }

  metric(head: MetricHead): void {
    this.#head = head
    const { name, kind, monotonic } = head
    const hasInterval = kind !== 'gauge' && kind !== 'summary'
    const temporality = hasInterval ? TEMPORALITIES[head.temporality] : 'unspecified'
    this.#metricFault = ''
    if (name === '') this.#metricFault = 'a metric needs a name'
    else if (Buffer.byteLength(name) > MAX_METRIC_NAME_BYTES)
      this.#metricFault = `its name is longer than ${MAX_METRIC_NAME_BYTES} bytes`
    else if (!temporality) this.#metricFault = 'its aggregation temporality is neither delta (1) nor cumulative (2)'
    const [unit, description] = [head.unit.slice(0, MAX_UNIT), head.description.slice(0, MAX_DESCRIPTION)]
    this.#place = null
    this.#summary = null
    if (kind === 'summary') this.#summary = new SummarySeries(this.#series, { metric: name, unit, description })
    else
      this.#place = this.#series.place({
        metric: name,
        kind,
        temporality: temporality ?? 'unspecified',
        monotonic,
        unit,
        description,
      })
  }

  numberPoint(attributes: AttributeSource, start: number, at: number, value: number | undefined, flags: number): void {
    const isStale = (flags & NO_RECORDED_VALUE) !== 0
    const fault = isStale ? '' : valueFault(value)
    const series = this.#open(attributes, at, fault)
    if (!series) return
    if (isStale) this.#builder.addStaleSample(series, at, this.#startOf(start, at))
    else this.#builder.addSample(series, at, this.#startOf(start, at), value!)
  }

  histogramPoint({ attributes, start, at, flags }: PointHead, point: HistogramPoint): void {
    const isStale = (flags & NO_RECORDED_VALUE) !== 0
    const series = this.#open(attributes, at, isStale ? '' : histogramFault(point))
    if (!series) return
    const times = { at, start: this.#startOf(start, at) }
    if (isStale) return this.#builder.addHistogram(series, { ...times, ...STALE_HISTOGRAM_ROW })
    const { count, bounds } = point
    const bucketCounts = point.bucketCounts.length === 0 ? [count] : point.bucketCounts
    this.#builder.addHistogram(series, { ...times, count, ...finiteValues(point), bounds, bucketCounts })
  }

  exponentialPoint({ attributes, start, at, flags }: PointHead, point: ExponentialPoint): void {
    const isStale = (flags & NO_RECORDED_VALUE) !== 0
    const row = isStale ? STALE_EXPONENTIAL_ROW : exponentialRow({ ...point, ...finiteValues(point) })
    const series = this.#open(attributes, at, typeof row === 'string' ? row : isStale ? '' : countFault(point))
    if (!series || typeof row === 'string') return
    this.#builder.addExponentialHistogram(series, { at, start: this.#startOf(start, at), ...row })
  }

  /** Values that are no numbers (a quantile over no measurements) are left out. */
  summaryPoint({ attributes, start, at, flags }: PointHead, point: SummaryPoint): void {
    const summary = this.#summary
    const refused = this.#refusalOf(at, summaryFault(point))
    if (refused || !summary) return this.#reject(refused)
    const isStale = (flags & NO_RECORDED_VALUE) !== 0
    const total = this.#startOf(start, at)
    const rows: [place: PointPlace, start: number, value: number][] = [
      ...point.quantiles.map(
        ({ quantile, value }) => [summary.quantile(quantile), 0, value] as [PointPlace, number, number],
      ),
      [summary.sum, total, point.sum],
      [summary.count, total, point.count],
    ]
    const found = rows.map(([place]) => this.#series.of(place, attributes))
    const without = found.find((series) => series instanceof Refused)
    if (without) return this.#reject(without)
    for (const [i, [, from, value]] of rows.entries()) {
      const series = found[i] as CachedSeries
      if (isStale) this.#builder.addStaleSample(series, at, from)
      else if (Number.isFinite(value)) this.#builder.addSample(series, at, from, value)
    }
    this.#accepted++
  }

  /** An exemplar of the point before it; one without a time has the point's. A faulty one is left out and named. */
  exemplar(
    attributes: AttributeSource,
    exemplar: Omit<Exemplar, 'labels' | 'value'> & { value?: number },
    pointAt: number,
  ): void {
    const series = this.#pointSeries
    if (!series) return
    const { value, traceId, spanId } = exemplar
    const at = exemplar.at === 0 ? pointAt : exemplar.at
    const labels = attributeLabels(attributes.read(), this.#limits)
    const refused = timeRefusal(at, this.#now, this.#limits, 'an exemplar')
    if (refused) return this.#rejected.warn(this.#head.name, refused, 'exemplar')
    if (labels instanceof Refused) return this.#rejected.warn(this.#head.name, labels, 'exemplar')
    if (value === undefined)
      return this.#rejected.warn(this.#head.name, new Refused('invalid', 'an exemplar has no value'), 'exemplar')
    this.#builder.addExemplar(series, { at, value, traceId, spanId, labels })
  }

  outcome(): IngestOutcome {
    return this.#rejected.outcome(this.#accepted)
  }

  /** The series of a point that is taken; null when it is rejected, which is counted here. */
  #open(attributes: AttributeSource, at: number, valueFault: string): CachedSeries | null {
    this.#pointSeries = null
    const series = this.#refusalOf(at, valueFault) ?? this.#series.of(this.#place!, attributes)
    if (series instanceof Refused) {
      this.#reject(series)
      return null
    }
    this.#accepted++
    this.#pointSeries = series
    return series
  }

  #refusalOf(at: number, valueFault: string): Refused | null {
    if (this.#metricFault) return new Refused('invalid', this.#metricFault)
    return timeRefusal(at, this.#now, this.#limits) ?? (valueFault ? new Refused('invalid', valueFault) : null)
  }

  #reject(refused: Refused | null | undefined): void {
    if (refused) this.#rejected.add(this.#head.name, refused)
  }

  /** Gauges have no interval; a start behind the point itself says nothing. 0 means unknown. */
  #startOf(start: number, at: number): number {
    return this.#head.kind === 'gauge' || start > at ? 0 : start
  }
}

/** One infinite measurement spoils a sum, not the counts beside it. */
function finiteValues({ sum, min, max }: { sum: number; min: number; max: number }) {
  return { sum: finiteOrNaN(sum), min: finiteOrNaN(min), max: finiteOrNaN(max) }
}

function finiteOrNaN(value: number): number {
  return Number.isFinite(value) ? value : NaN
}

function valueFault(value: number | undefined): string {
  if (value === undefined) return 'a point has no value'
  return Number.isFinite(value) ? '' : `a value is ${Number.isNaN(value) ? 'NaN' : 'infinite'}`
}

function countFault(point: ExponentialPoint): string {
  return bucketTotal(point) === point.count ? '' : 'the count of a histogram is not the sum of its bucket counts'
}
