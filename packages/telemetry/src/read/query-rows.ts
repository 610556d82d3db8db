import type { Labels } from '@nines/contracts'
import { Aggregator } from '../evaluate/aggregate.ts'
import { LabelGroups } from '../evaluate/label-groups.ts'
import type { QueryRow, TelemetryQuery } from '../evaluate/telemetry-query.ts'

/** Makes the rows of an answer from the results of its series. */
export class QueryRows {
  readonly #groups: LabelGroups
  readonly #aggregator: Aggregator | null
  readonly #apart: QueryRow[] = []

  constructor({ aggregate, by, grid, quantile }: TelemetryQuery) {
    this.#groups = new LabelGroups(by)
    this.#aggregator = aggregate === null ? null : new Aggregator(aggregate, grid.count, quantile)
  }

  /** Adds the results of one series at every instant; they are copied where they are kept. */
  add(labels: Labels, results: Float64Array): void {
    if (this.#aggregator) this.#aggregator.add(this.#groups.numberOf(labels), results)
    else if (results.some((value) => !Number.isNaN(value))) this.#apart.push({ labels, values: results.slice() })
  }

  rows(): QueryRow[] {
    const aggregator = this.#aggregator
    if (!aggregator) return this.#apart
    return this.#groups.labels.map((labels, group) => ({ labels, values: aggregator.results(group) }))
  }
}
