import type { SampleKind } from './series-labels.ts'

/** Current values of a batch's series, stepped as they do in life: counters by whole numbers, gauges at random. */
export class SampleValues {
  readonly values: Float64Array
  readonly #kinds: Uint8Array
  #state: number

  constructor(kinds: readonly SampleKind[], firstIndex: number) {
    this.values = Float64Array.from(kinds, (_, i) => (firstIndex + i) % 1000)
    this.#kinds = Uint8Array.from(kinds, (kind) => (kind === 'counter' ? 0 : kind === 'gauge' ? 1 : 2))
    this.#state = (firstIndex + 12_345) >>> 0
  }

  /** Moves every value on by one step. */
  step(): void {
    const { values } = this
    const kinds = this.#kinds
    let state = this.#state
    for (let i = 0; i < values.length; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      if (kinds[i] === 0) values[i] = (values[i] ?? 0) + (state >>> 27)
      else if (kinds[i] === 1) values[i] = (values[i] ?? 0) + ((state >>> 16) - 32_768) / 100
    }
    this.#state = state
  }
}
