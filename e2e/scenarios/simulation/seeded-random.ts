import { seededRandom } from '@nines/kernel'

/** A stream of numbers in (0, 1) that a seed repeats. */
export class SeededRandom {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = seededRandom(seed)
  }

  next(): number {
    return this.#random() + 2 ** -33
  }

  /** Time to the next event of a Poisson process, in the unit of the mean. */
  exponential(mean: number): number {
    return -mean * Math.log(this.next())
  }
}
