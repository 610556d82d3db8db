import type { CachedSeries } from '../series/cached-series.ts'
import type { SeriesCache } from '../series/series-cache.ts'

const KINDS = [
  'SPAN_KIND_UNSPECIFIED',
  'SPAN_KIND_INTERNAL',
  'SPAN_KIND_SERVER',
  'SPAN_KIND_CLIENT',
  'SPAN_KIND_PRODUCER',
  'SPAN_KIND_CONSUMER',
]
const STATUSES = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR']

/** Both series of an operation's spans of one kind and status; null where another series has the same id. */
export interface RedSeries {
  calls: CachedSeries | null
  duration: CachedSeries | null
}

/** Spans of one name in one service of a workspace. */
export class RedOperation {
  readonly #workspace: number
  readonly #service: string
  readonly #name: string
  readonly #cache: SeriesCache
  readonly #series: (RedSeries | undefined)[] = []
  /** Epoch ms of the newest batch with such a span. */
  seenAt = 0
  /** Gave its place to another operation. */
  isForgotten = false

  constructor(workspace: number, service: string, name: string, cache: SeriesCache) {
    this.#workspace = workspace
    this.#service = service
    this.#name = name
    this.#cache = cache
  }

  seriesOf(kind: number, status: number): RedSeries {
    return (this.#series[kind * STATUSES.length + status] ??= this.#resolve(kind, status))
  }

  #resolve(kind: number, status: number): RedSeries {
    const temporality = 'delta' as const
    const labels = {
      ...(this.#service !== '' && { 'service.name': this.#service }),
      'span.name': this.#name,
      'span.kind': KINDS[kind] ?? KINDS[0]!,
      'status.code': STATUSES[status] ?? STATUSES[0]!,
    }
    return {
      calls: this.#cache.resolve(this.#workspace, {
        metric: 'traces.span.metrics.calls',
        kind: 'sum',
        temporality,
        monotonic: true,
        unit: '{call}',
        description: 'Spans by operation, kind and status',
        labels,
      }),
      duration: this.#cache.resolve(this.#workspace, {
        metric: 'traces.span.metrics.duration',
        kind: 'exponential_histogram',
        temporality,
        monotonic: false,
        unit: 's',
        description: 'Duration of spans by operation, kind and status',
        labels,
      }),
    }
  }
}
