import type { SeriesKind, Temporality } from '@nines/contracts'
import type { BlockBuilder } from '../block/block-builder.ts'
import type { HistogramRow } from '../block/block.ts'
import type { CachedSeries, SeriesCache } from '../series-cache.ts'
import type { AttributeSource } from './attribute.ts'
import { mergeLabels } from './merge-labels.ts'
import { RejectedPoints, type IngestOutcome } from './rejected-points.ts'

/** A metric as its message describes it, before its points. */
export interface MetricHead {
  name: string
  unit: string
  description: string
  kind: SeriesKind
  /** OTLP's number: 1 delta, 2 cumulative; anything else is refused for sums and histograms. */
  temporality: number
  monotonic: boolean
}

/** What a point says of itself; the series and its times come apart. */
export type HistogramPoint = Omit<HistogramRow, 'series' | 'at' | 'start'>

const TEMPORALITIES: Record<number, Temporality> = { 1: 'delta', 2: 'cumulative' }
/** OTLP's DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK: the series has ended; nothing was measured. */
const NO_RECORDED_VALUE = 1
const MAX_AGE_MS = 400 * 86_400_000
const MAX_AHEAD_MS = 10 * 60_000
const MAX_METRIC_NAME_BYTES = 256
const MAX_BUCKETS = 1_000
const MAX_DESCRIPTION = 1_024
const MAX_UNIT = 64

/**
 * Turns the content of one OTLP metrics request into rows. Every format drives this one class in the order of the
 * message (resource, scope, metric, points), so that the same data in another encoding gives the same block.
 *
 * What a point must satisfy: a finite value; a time at most 400 days old and 10 minutes ahead; labels within limits. A
 * point that does not is rejected and named, the rest is kept. Points that say "no recorded value" are dropped silently.
 */
export class MetricsNormaliser {
  readonly #builder: BlockBuilder
  readonly #cache: SeriesCache
  readonly #now: number
  readonly #rejected = new RejectedPoints()
  #accepted = 0
  #resource: AttributeSource | null = null
  /** Text that is equal only for equal resources; undefined when the encoding gives no cheap one. */
  #resourceKey: string | undefined
  #scopeName = ''
  #head: MetricHead = { name: '', unit: '', description: '', kind: 'gauge', temporality: 0, monotonic: false }
  #temporality: Temporality = 'unspecified'
  /** Why no point of the current metric can be kept. */
  #metricFault = ''
  /** Stands for workspace, resource, scope and metric; 0 when the encoding gives no cheap keys. */
  #context = 0

  constructor(builder: BlockBuilder, cache: SeriesCache, now: number) {
    this.#builder = builder
    this.#cache = cache
    this.#now = now
  }

  resource(attributes: AttributeSource | null): void {
    this.#resource = attributes
    const key = attributes?.key()
    this.#resourceKey = key && key.bytes.toString('latin1', key.start, key.end)
  }

  scope(name: string): void {
    this.#scopeName = name
  }

  metric(head: MetricHead): void {
    this.#head = {
      ...head,
      unit: head.unit.slice(0, MAX_UNIT),
      description: head.description.slice(0, MAX_DESCRIPTION),
    }
    const temporality = head.kind === 'gauge' ? 'unspecified' : TEMPORALITIES[head.temporality]
    this.#temporality = temporality ?? 'unspecified'
    this.#metricFault = ''
    if (head.name === '') this.#metricFault = 'a metric needs a name'
    else if (Buffer.byteLength(head.name) > MAX_METRIC_NAME_BYTES)
      this.#metricFault = `its name is longer than ${MAX_METRIC_NAME_BYTES} bytes`
    else if (!temporality) this.#metricFault = 'its aggregation temporality is neither delta (1) nor cumulative (2)'
    this.#context = this.#contextOf(head)
  }

  numberPoint(attributes: AttributeSource, start: number, at: number, value: number | undefined, flags: number): void {
    if ((flags & NO_RECORDED_VALUE) !== 0) return
    const fault = this.#metricFault || this.#timeFault(at) || valueFault(value)
    if (fault) return this.rejectPoints(this.#head.name, fault, 1)
    const series = this.#seriesOf(attributes)
    if (typeof series === 'string') return this.rejectPoints(this.#head.name, series, 1)
    this.#builder.addSample(series, at, this.#startOf(start, at), value!)
    this.#accepted++
  }

  histogramPoint(attributes: AttributeSource, start: number, at: number, point: HistogramPoint, flags: number): void {
    if ((flags & NO_RECORDED_VALUE) !== 0) return
    const fault = this.#metricFault || this.#timeFault(at) || histogramFault(point)
    if (fault) return this.rejectPoints(this.#head.name, fault, 1)
    const series = this.#seriesOf(attributes)
    if (typeof series === 'string') return this.rejectPoints(this.#head.name, series, 1)
    const bucketCounts = point.bucketCounts.length === 0 ? [point.count] : point.bucketCounts
    const [sum, min, max] = [finiteOrNaN(point.sum), finiteOrNaN(point.min), finiteOrNaN(point.max)]
    const { count, bounds } = point
    this.#builder.addHistogram(series, {
      at,
      start: this.#startOf(start, at),
      count,
      sum,
      min,
      max,
      bounds,
      bucketCounts,
    })
    this.#accepted++
  }

  /** Counts points as rejected that never became rows, such as those of a kind that is not stored. */
  rejectPoints(metric: string, reason: string, count: number): void {
    this.#rejected.add(metric, reason, count)
  }

  outcome(): IngestOutcome {
    return { accepted: this.#accepted, rejected: this.#rejected.count, message: this.#rejected.message() }
  }

  /** Gauges have no interval; a start behind the point itself says nothing. 0 means unknown. */
  #startOf(start: number, at: number): number {
    return this.#head.kind === 'gauge' || start > at ? 0 : start
  }

  #timeFault(at: number): string {
    if (at === 0) return 'a point has no time'
    if (at < this.#now - MAX_AGE_MS) return 'a point is older than 400 days'
    if (at > this.#now + MAX_AHEAD_MS) return 'a point is more than 10 minutes in the future'
    return ''
  }

  #contextOf(head: MetricHead): number {
    if (this.#resourceKey === undefined) return 0
    const texts = [this.#resourceKey, this.#scopeName, head.name, head.unit, head.description]
    // Lengths first: the texts may hold any character, so no separator would keep them apart.
    const lengths = texts.map((text) => text.length).join(',')
    const kind = `${head.kind},${head.temporality},${head.monotonic}`
    return this.#cache.contextNumber(`${this.#builder.workspace};${kind};${lengths};${texts.join('')}`)
  }

  /** The series of a point, or why it cannot have one. */
  #seriesOf(attributes: AttributeSource): CachedSeries | string {
    const key = this.#context === 0 ? undefined : attributes.key()
    const known = key && this.#cache.recall(this.#context, key)
    if (known) return known
    const labels = mergeLabels(this.#resource?.read() ?? [], this.#scopeName, attributes.read())
    if (typeof labels === 'string') return labels
    const { name: metric, kind, monotonic, unit, description } = this.#head
    const definition = { metric, kind, temporality: this.#temporality, monotonic, unit, description, labels }
    const series = this.#cache.resolve(this.#builder.workspace, definition)
    if (!series) return 'its series has the same id as another one (a hash collision); change a label'
    if (key) this.#cache.remember(this.#context, key, series)
    return series
  }
}

/** One infinite measurement spoils a sum, not the counts beside it. */
function finiteOrNaN(value: number): number {
  return Number.isFinite(value) ? value : NaN
}

function valueFault(value: number | undefined): string {
  if (value === undefined) return 'a point has no value'
  return Number.isFinite(value) ? '' : `a value is ${Number.isNaN(value) ? 'NaN' : 'infinite'}`
}

function histogramFault({ count, bounds, bucketCounts }: HistogramPoint): string {
  if (bucketCounts.length > MAX_BUCKETS) return `a histogram has more than ${MAX_BUCKETS} buckets`
  if (bucketCounts.length === 0 && bounds.length === 0) return ''
  if (bucketCounts.length !== bounds.length + 1)
    return `a histogram has ${bucketCounts.length} bucket counts for ${bounds.length} bounds, it needs one more than bounds`
  if (!bounds.every((bound, i) => Number.isFinite(bound) && (i === 0 || bound > bounds[i - 1]!)))
    return 'the bounds of a histogram are not finite and ascending'
  const sum = bucketCounts.reduce((total, bucket) => total + bucket, 0)
  return sum === count ? '' : 'the count of a histogram is not the sum of its bucket counts'
}
