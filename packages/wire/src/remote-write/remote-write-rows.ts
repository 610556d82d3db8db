import type { SeriesDefinition, Temporality } from '@nines/contracts'
import type { BlockBuilder } from '../block/block-builder.ts'
import { idFromHex } from '../metrics/exemplar.ts'
import { STALE_HISTOGRAM_ROW } from '../metrics/explicit-histogram.ts'
import { STALE_EXPONENTIAL_ROW } from '../metrics/exponential-histogram.ts'
import { DEFAULT_METRIC_LIMITS, timeRefusal, type MetricLimits } from '../metrics/metric-limits.ts'
import { RejectedPoints } from '../otlp/rejected-points.ts'
import type { IngestOutcome } from '../otlp/rejected-rows.ts'
import type { CachedSeries } from '../series/cached-series.ts'
import { Refused } from '../series/refused.ts'
import type { SeriesCache } from '../series/series-cache.ts'
import { CUSTOM_SCHEMA, GAUGE_HINT, type NativeHistogram } from './native-histogram.ts'
import { explicitRowOf, exponentialRowOf } from './native-rows.ts'
import { exemplarLabels, type LabelTexts, type SeriesLabels } from './series-labels.ts'
import { isNativeByName, semanticsOf } from './series-type.ts'
import type { UsualSeries } from './usual-series.ts'

/** What became of a remote-write request. `rejected` counts samples, histograms and exemplars together. */
export interface RemoteWriteOutcome extends IngestOutcome {
  /** For the headers `X-Prometheus-Remote-Write-*-Written`. */
  written: { samples: number; histograms: number; exemplars: number }
}

/** A series as its message describes it, before its values. */
export interface SeriesHead extends SeriesLabels {
  /** METRIC_TYPE */
  type: number
  unit: string
  description: string
}

const MAX_DESCRIPTION = 1_024
const MAX_UNIT = 64

/**
 * Turns the content of one remote-write request into rows. Readers of both versions drive this class: a series, then its
 * samples, histograms and exemplars. What is faulty is rejected and named, the rest is kept.
 */
export class RemoteWriteRows {
  readonly #builder: BlockBuilder
  readonly #cache: SeriesCache
  readonly #now: number
  readonly limits: MetricLimits
  readonly #rejected = new RejectedPoints()
  readonly #written = { samples: 0, histograms: 0, exemplars: 0 }
  #head: SeriesHead = { metric: '', labels: {}, refused: null, type: 0, unit: '', description: '' }
  /** Series that the current labels stand for, by what its values are. */
  readonly #found = new Map<string, CachedSeries | Refused>()
  /** The series that got the last value. */
  #last: CachedSeries | null = null
  #samples: CachedSeries | null = null

  constructor(builder: BlockBuilder, cache: SeriesCache, now: number, limits: MetricLimits = DEFAULT_METRIC_LIMITS) {
    this.#builder = builder
    this.#cache = cache
    this.#now = now
    this.limits = limits
  }

  series(head: SeriesHead): void {
    this.#head = head
    this.#found.clear()
    this.#last = null
    this.#samples = null
  }

  /** The series that samples of the current labels belong to; null when there was none that was kept. */
  get sampleSeries(): CachedSeries | null {
    return this.#samples
  }

  /** A sample, its value as the words of a double. */
  sample(at: number, start: number, low: number, high: number): void {
    const { metric, type, refused } = this.#head
    const series = refused ?? timeRefusal(at, this.#now, this.limits) ?? this.#seriesOf(semanticsOf(metric, type))
    if (series instanceof Refused) return this.#rejected.add(metric, series, 'sample')
    this.#builder.addSampleWords(series, at, startOf(start, at), low, high)
    this.#samples = series
    this.#last = series
    this.#written.samples++
  }

  /** Takes a series with its samples from its bytes; false, with nothing done, where not every one of them is kept. */
  usualSeries(usual: UsualSeries): boolean {
    const { definition, sampleCount } = usual
    for (let i = 0; i < sampleCount; i++) if (timeRefusal(usual.at(i), this.#now, this.limits)) return false
    definition.unit = definition.unit.slice(0, MAX_UNIT)
    definition.description = definition.description.slice(0, MAX_DESCRIPTION)
    const series = this.#cache.admitBytes(this.#builder.workspace, definition, this.#now, this.limits)
    if (series instanceof Refused) return false
    for (let i = 0; i < sampleCount; i++)
      this.#builder.addSampleWords(series, usual.at(i), 0, usual.low(i), usual.high(i))
    this.#builder.announceBytes(series, definition)
    this.#samples = series
    this.#written.samples += sampleCount
    return true
  }

  /** The samples of the series were read elsewhere: exemplars belong to them. */
  samplesTaken(): void {
    const { metric, type, refused } = this.#head
    const series = refused ?? this.#seriesOf(semanticsOf(metric, type))
    this.#last = series instanceof Refused ? null : series
  }

  histogram(histogram: NativeHistogram): void {
    const { metric } = this.#head
    const series = this.#addHistogram(histogram)
    if (series instanceof Refused) return this.#rejected.add(metric, series, 'histogram')
    this.#last = series
    this.#written.histograms++
  }

  /** Belongs to the value before it, or where there is none to the series that the labels most likely stand for. */
  exemplar(texts: LabelTexts | Refused, at: number, value: number): void {
    const { metric, refused } = this.#head
    const labels = texts instanceof Refused ? texts : exemplarLabels(texts, this.limits)
    if (labels instanceof Refused) return this.#rejected.add(metric, refused ?? labels, 'exemplar')
    const series =
      refused ?? timeRefusal(at, this.#now, this.limits, 'an exemplar') ?? this.#last ?? this.#likelySeries()
    if (series instanceof Refused) return this.#rejected.add(metric, series, 'exemplar')
    const traceId = takeId(labels, 'trace_id', 16)
    const spanId = takeId(labels, 'span_id', 8)
    this.#builder.addExemplar(series, { at, value, traceId, spanId, labels: Object.fromEntries(labels) })
    this.#written.exemplars++
  }

  outcome(): RemoteWriteOutcome {
    const { samples, histograms } = this.#written
    return { ...this.#rejected.outcome(samples + histograms), written: { ...this.#written } }
  }

  #addHistogram(histogram: NativeHistogram): CachedSeries | Refused {
    const { at, schema, resetHint, isStale } = histogram
    const refused = this.#head.refused ?? timeRefusal(at, this.#now, this.limits)
    if (refused) return refused
    const times = { at, start: startOf(histogram.start, at) }
    const temporality: Temporality = resetHint === GAUGE_HINT ? 'unspecified' : 'cumulative'
    if (schema === CUSTOM_SCHEMA) {
      const row = isStale ? STALE_HISTOGRAM_ROW : explicitRowOf(histogram)
      if (typeof row === 'string') return new Refused('invalid', row)
      const series = this.#seriesOf({ kind: 'histogram', temporality, monotonic: false })
      if (!(series instanceof Refused)) this.#builder.addHistogram(series, { ...times, ...row })
      return series
    }
    const row = isStale ? STALE_EXPONENTIAL_ROW : exponentialRowOf(histogram)
    if (typeof row === 'string') return new Refused('invalid', row)
    const series = this.#seriesOf({ kind: 'exponential_histogram', temporality, monotonic: false })
    if (!(series instanceof Refused)) this.#builder.addExponentialHistogram(series, { ...times, ...row })
    return series
  }

  /** Senders write exemplars in messages of their own. */
  #likelySeries(): CachedSeries | Refused {
    const { metric, type } = this.#head
    return isNativeByName(metric, type)
      ? this.#seriesOf({ kind: 'exponential_histogram', temporality: 'cumulative', monotonic: false })
      : this.#seriesOf(semanticsOf(metric, type))
  }

  #seriesOf(semantics: Pick<SeriesDefinition, 'kind' | 'temporality' | 'monotonic'>): CachedSeries | Refused {
    const key = `${semantics.kind},${semantics.temporality}`
    const known = this.#found.get(key)
    if (known !== undefined) return known
    const { metric, labels } = this.#head
    const unit = this.#head.unit.slice(0, MAX_UNIT)
    const description = this.#head.description.slice(0, MAX_DESCRIPTION)
    const definition = { metric, ...semantics, unit, description, labels }
    const series = this.#cache.admit(this.#builder.workspace, definition, this.#now, this.limits)
    this.#found.set(key, series)
    return series
  }
}

/** A start behind the value itself, or before 1970, says nothing. */
function startOf(start: number, at: number): number {
  return start < 0 || start > at ? 0 : start
}

/** Takes an id out of the labels; one of another form stays a label. */
function takeId(labels: Map<string, string>, name: string, bytes: 8 | 16): Uint8Array | null {
  const id = idFromHex(labels.get(name) ?? '', bytes)
  if (id) labels.delete(name)
  return id
}
