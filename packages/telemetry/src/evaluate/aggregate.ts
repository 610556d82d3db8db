import { NinesError } from '@nines/kernel'

/** How results of several series become one. NaN (no result) is left out; a group without any has none. */
export const AGGREGATES = ['sum', 'avg', 'min', 'max', 'count', 'quantile'] as const
export type Aggregate = (typeof AGGREGATES)[number]

/** More values than a quantile over series is worked out from. */
const MAX_HELD_VALUES = 20_000_000

/** Collects results of series, group by group, over the instants of a grid. */
export class Aggregator {
  readonly #aggregate: Aggregate
  readonly #quantile: number
  readonly #instants: number
  readonly #groups: { values: Float64Array; counts: Float64Array; held: number[][] }[] = []
  #held = 0

  /** @param quantile in [0, 1], for the aggregate `quantile` only */
  constructor(aggregate: Aggregate, instants: number, quantile = 0.5) {
    this.#aggregate = aggregate
    this.#instants = instants
    this.#quantile = quantile
  }

  /** Adds the results of one series at every instant. Throws `too_large` when a quantile would hold too many. */
  add(group: number, results: Float64Array): void {
    const { values, counts, held } = this.#group(group)
    for (let k = 0; k < this.#instants; k++) {
      const result = results[k]!
      if (Number.isNaN(result)) continue
      const isFirst = counts[k]!++ === 0
      if (this.#aggregate === 'quantile') this.#hold(held, k, result)
      else if (isFirst) values[k] = result
      else if (this.#aggregate === 'min') values[k] = Math.min(values[k]!, result)
      else if (this.#aggregate === 'max') values[k] = Math.max(values[k]!, result)
      else values[k]! += result
    }
  }

  /** Results of a group at every instant, NaN where none of its series has one. */
  results(group: number): Float64Array {
    const { values, counts, held } = this.#group(group)
    return Float64Array.from(values, (value, k) => {
      if (counts[k] === 0) return NaN
      if (this.#aggregate === 'count') return counts[k]!
      if (this.#aggregate === 'avg') return value / counts[k]!
      return this.#aggregate === 'quantile' ? quantileOf(held[k] ?? [], this.#quantile) : value
    })
  }

  #hold(held: number[][], k: number, result: number): void {
    if (++this.#held > MAX_HELD_VALUES)
      throw new NinesError('too_large', `a quantile over more than ${MAX_HELD_VALUES} results`)
    const values = (held[k] ??= [])
    values.push(result)
  }

  #group(index: number) {
    return (this.#groups[index] ??= {
      values: new Float64Array(this.#instants),
      counts: new Float64Array(this.#instants),
      held: [],
    })
  }
}

/** The quantile with linear interpolation between the two values around its rank, as Prometheus' quantile(). */
export function quantileOf(values: readonly number[], quantile: number): number {
  if (values.length === 0 || Number.isNaN(quantile)) return NaN
  if (quantile < 0) return -Infinity
  if (quantile > 1) return Infinity
  const sorted = Float64Array.from(values).sort()
  const rank = quantile * (sorted.length - 1)
  const lower = Math.floor(rank)
  const upper = Math.min(lower + 1, sorted.length - 1)
  const weight = rank - lower
  return sorted[lower]! * (1 - weight) + sorted[upper]! * weight
}
