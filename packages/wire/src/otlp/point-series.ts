import type { SeriesDefinition } from '@nines/contracts'
import type { MetricLimits } from '../metrics/metric-limits.ts'
import type { CachedSeries } from '../series/cached-series.ts'
import { Refused } from '../series/refused.ts'
import type { SeriesCache } from '../series/series-cache.ts'
import { labelText, type Attribute, type AttributeSource } from './attribute.ts'
import { mergeLabels } from './merge-labels.ts'

/** What the points of a metric have in common. */
export type SeriesShape = Omit<SeriesDefinition, 'id' | 'labels'>

/** Series of one shape within the current resource and scope. */
export interface PointPlace {
  shape: SeriesShape
  /** An attribute that every point gets, such as the quantile of a summary's values. */
  extra: Attribute | null
  /** Stands for workspace, resource, scope and shape; 0 when the encoding gives no cheap keys. */
  context: number
}

/** Finds the series of points: by the bytes of their attributes where they came by before, else by their labels. */
export class PointSeries {
  readonly #cache: SeriesCache
  readonly #workspace: number
  readonly #now: number
  readonly #limits: MetricLimits
  #resource: AttributeSource | null = null
  /** Text that is equal only for equal resources; undefined when the encoding gives no cheap one. */
  #resourceKey: string | undefined
  #scopeName = ''

  constructor(cache: SeriesCache, workspace: number, now: number, limits: MetricLimits) {
    this.#cache = cache
    this.#workspace = workspace
    this.#now = now
    this.#limits = limits
  }

  resource(attributes: AttributeSource | null): void {
    this.#resource = attributes
    const key = attributes?.key()
    this.#resourceKey = key && key.bytes.toString('latin1', key.start, key.end)
  }

  scope(name: string): void {
    this.#scopeName = name
  }

  place(shape: SeriesShape, extra: Attribute | null = null): PointPlace {
    return { shape, extra, context: this.#contextOf(shape, extra) }
  }

  of({ shape, extra, context }: PointPlace, attributes: AttributeSource): CachedSeries | Refused {
    const key = context === 0 ? undefined : attributes.key()
    const known = key && this.#cache.recall(context, key, this.#now)
    if (known) return known
    const own = extra ? [...attributes.read(), extra] : attributes.read()
    const labels = mergeLabels(this.#resource?.read() ?? [], this.#scopeName, own, this.#limits)
    if (labels instanceof Refused) return labels
    const series = this.#cache.admit(this.#workspace, { ...shape, labels }, this.#now, this.#limits)
    if (key && !(series instanceof Refused)) this.#cache.remember(context, key, series)
    return series
  }

  #contextOf(shape: SeriesShape, extra: Attribute | null): number {
    if (this.#resourceKey === undefined) return 0
    const extraText = extra ? `${extra.key}=${labelText(extra.value)}` : ''
    const texts = [this.#resourceKey, this.#scopeName, shape.metric, shape.unit, shape.description, extraText]
    // Lengths first: the texts may hold any character, so no separator would keep them apart.
    const lengths = texts.map((text) => text.length).join(',')
    const kind = `${shape.kind},${shape.temporality},${shape.monotonic}`
    return this.#cache.contextNumber(`${this.#workspace};${kind};${lengths};${texts.join('')}`)
  }
}
