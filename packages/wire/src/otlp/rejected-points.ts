import { quoted, RejectedRows } from './rejected-rows.ts'

export type { IngestOutcome } from './rejected-rows.ts'

/** Counts rejected points by metric and reason, to tell the sender in one sentence. */
export class RejectedPoints {
  readonly #rows = new RejectedRows('point')

  get count(): number {
    return this.#rows.count
  }

  /** `row` is the word for what was rejected. */
  add(metric: string, reason: string, count: number, row = 'point'): void {
    this.#rows.add(`metric ${quoted(metric)}`, reason, count, row)
  }

  /** Names something that was left out of points that were kept; it counts as no rejected point. */
  warn(metric: string, reason: string, row: string): void {
    this.#rows.warn(`metric ${quoted(metric)}`, reason, 1, row)
  }

  message(): string {
    return this.#rows.message()
  }
}
