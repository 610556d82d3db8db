import type { SeriesDefinition } from '@nines/contracts'
import type { CachedSeries, SeriesCache } from '../series-cache.ts'
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
  #resource: AttributeSource | null = null
  /** Text that is equal only for equal resources; undefined when the encoding gives no cheap one. */
  #resourceKey: string | undefined
  #scopeName = ''

  constructor(cache: SeriesCache, workspace: number) {
    this.#cache = cache
    this.#workspace = workspace
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

  /** The series of a point, or why it cannot have one. */
  of({ shape, extra, context }: PointPlace, attributes: AttributeSource): CachedSeries | string {
    const key = context === 0 ? undefined : attributes.key()
    const known = key && this.#cache.recall(context, key)
    if (known) return known
    const own = extra ? [...attributes.read(), extra] : attributes.read()
    const labels = mergeLabels(this.#resource?.read() ?? [], this.#scopeName, own)
    if (typeof labels === 'string') return labels
    const series = this.#cache.resolve(this.#workspace, { ...shape, labels })
    if (!series) return 'its series has the same id as another one (a hash collision); change a label'
    if (key) this.#cache.remember(context, key, series)
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
