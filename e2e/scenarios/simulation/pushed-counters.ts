import type { SloTracker } from '@nines/app-evaluate'
import type { SeriesDefinition } from '@nines/contracts'

const counter = (metric: string): SeriesDefinition => ({
  id: metric,
  metric,
  kind: 'sum',
  temporality: 'cumulative',
  monotonic: true,
  unit: '1',
  description: '',
  labels: {},
})
const SERIES = ['bad', 'total'].map(counter)

/** Two running totals, `bad` and `total`, that are pushed to a tracker as ingest would. */
export class PushedCounters {
  readonly #tracker: SloTracker
  readonly #startedAt: number
  readonly #sums = { bad: 0, total: 0 }

  constructor(tracker: SloTracker, startedAt: number) {
    this.#tracker = tracker
    this.#startedAt = startedAt
  }

  /** Pushes at `at`, epoch ms, so many events since the push before. */
  push(at: number, bad: number, total: number): void {
    this.#sums.bad += bad
    this.#sums.total += total
    for (const definition of SERIES) {
      const reduction = this.#tracker.reduce(definition)
      const count = definition.metric === 'bad' ? this.#sums.bad : this.#sums.total
      const point = { at, start: this.#startedAt - 1, counts: [count], bounds: null }
      if (reduction) this.#tracker.take(definition.id, reduction, point)
    }
  }
}
