import type { SeriesDefinition } from '@nines/contracts'
import { emptyBlock, seriesId, type Block } from '@nines/wire'
import { metricOf } from './evaluate-bed.fixture.ts'

const MINUTE_MS = 60_000

/**
 * Two cumulative counters, requests with status 200 and with status 500, that began a second before their first push.
 * Remembers what truly happened in each minute.
 */
export class Traffic {
  readonly truth = new Map<number, { good: number; total: number }>()
  readonly #series: SeriesDefinition[]
  readonly #startedAt: number
  #totals = [0, 0]
  #announced = false

  constructor(name: string, firstPushAt: number) {
    this.#startedAt = firstPushAt - 1000
    this.#series = ['200', '500'].map((status) => {
      const definition = {
        metric: metricOf(name),
        kind: 'sum' as const,
        temporality: 'cumulative' as const,
        monotonic: true,
        unit: '1',
        description: '',
        labels: { status },
      }
      return { id: seriesId(definition), ...definition }
    })
  }

  /** The block of one push that reports so many good and bad requests since the former one. */
  push(at: number, good: number, bad: number): Block {
    this.#totals = [(this.#totals[0] ?? 0) + good, (this.#totals[1] ?? 0) + bad]
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS
    const known = this.truth.get(minute) ?? { good: 0, total: 0 }
    this.truth.set(minute, { good: known.good + good, total: known.total + good + bad })
    const block: Block = {
      ...emptyBlock(0, at),
      series: this.#announced ? [] : this.#series,
      samples: {
        series: BigUint64Array.from(this.#series, (series) => BigInt(series.id)),
        at: Float64Array.of(at, at),
        start: Float64Array.of(this.#startedAt, this.#startedAt),
        value: Float64Array.from(this.#totals),
      },
    }
    this.#announced = true
    return block
  }

  /** Everything that happened, wherever it lies. */
  sum(): { good: number; total: number } {
    const sum = { good: 0, total: 0 }
    for (const { good, total } of this.truth.values()) {
      sum.good += good
      sum.total += total
    }
    return sum
  }
}
