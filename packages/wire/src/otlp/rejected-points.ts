import type { Refused } from '../series/refused.ts'
import { RefusalCounter } from './refusal-counter.ts'
import { quoted, RejectedRows, type IngestOutcome } from './rejected-rows.ts'

/** Counts rejected points by metric and reason, to tell the sender in one sentence and the workspace in numbers. */
export class RejectedPoints {
  readonly #rows = new RejectedRows('point')
  readonly #refusals = new RefusalCounter()

  /** `row` is the word for what was rejected. */
  add(metric: string, { reason, text }: Refused, row = 'point'): void {
    this.#rows.add(`metric ${quoted(metric)}`, text, 1, row)
    this.#refusals.add(reason, metric, 1)
  }

  /** Names something that was left out of points that were kept; it counts as no rejected point. */
  warn(metric: string, { text }: Refused, row: string): void {
    this.#rows.warn(`metric ${quoted(metric)}`, text, 1, row)
  }

  outcome(accepted: number): IngestOutcome {
    return {
      accepted,
      rejected: this.#rows.count,
      message: this.#rows.message(),
      refusals: this.#refusals.list(),
    }
  }
}
