import { quoted, RejectedRows } from './rejected-rows.ts'

export type { IngestOutcome } from './rejected-rows.ts'

/** Counts rejected points by metric and reason, to tell the sender in one sentence. */
export class RejectedPoints {
  readonly #rows = new RejectedRows('point')

  get count(): number {
    return this.#rows.count
  }

  add(metric: string, reason: string, count: number): void {
    this.#rows.add(`metric ${quoted(metric)}`, reason, count)
  }

  message(): string {
    return this.#rows.message()
  }
}
