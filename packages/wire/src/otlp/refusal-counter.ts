import type { RefusalReason } from '../series/refused.ts'

/** Rows of one request that were refused for one reason. */
export interface RowRefusal {
  reason: RefusalReason
  /** null for metrics beyond the first fifty. */
  metric: string | null
  rows: number
}

const MAX_NAMES = 50

/** Counts refused rows by reason and metric; of many metrics the first are told by name. */
export class RefusalCounter {
  readonly #refusals = new Map<string, RowRefusal>()

  add(reason: RefusalReason, metric: string, rows: number): void {
    const name = this.#refusals.size < MAX_NAMES || this.#refusals.has(keyOf(reason, metric)) ? metric : null
    const key = keyOf(reason, name)
    const known = this.#refusals.get(key)
    if (known) known.rows += rows
    else this.#refusals.set(key, { reason, metric: name, rows })
  }

  list(): RowRefusal[] {
    return [...this.#refusals.values()]
  }
}

function keyOf(reason: RefusalReason, metric: string | null): string {
  return `${reason};${metric ?? ''}`
}
