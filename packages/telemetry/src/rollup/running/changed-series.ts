import { BUCKET_MS } from './bucket-width.ts'

/** Beyond so many series of a workspace it is cheaper to compute all of them anew than to name them. */
const MOST_NAMED = 20_000

/** Slots of series, or null for all of the workspace. */
export type ChangedSlots = ReadonlySet<number> | null

/**
 * Series of one workspace whose buckets cannot be summed from what went by: rows came late, or what was before them is
 * not known. By the start of the bucket, epoch ms.
 */
export class ChangedSeries {
  readonly #buckets = new Map<number, Set<number> | null>()
  #lastStart = NaN
  #last: Set<number> | null = null

  add(slot: number, start: number): void {
    if (start !== this.#lastStart) this.#turnTo(start)
    if (this.#last === null) return
    this.#last.add(slot)
    if (this.#last.size > MOST_NAMED) this.addAll(start)
  }

  addAll(start: number): void {
    this.#buckets.set(start, null)
    this.#lastStart = NaN
  }

  /** Takes out the buckets that start in [from, to). */
  take(from: number, to: number): Map<number, ChangedSlots> {
    const taken = new Map<number, ChangedSlots>()
    for (let start = from; start < to; start += BUCKET_MS) {
      const slots = this.#buckets.get(start)
      if (slots === undefined) continue
      taken.set(start, slots)
      this.#buckets.delete(start)
    }
    this.#lastStart = NaN
    return taken
  }

  /** Every slot that is named: its series must not leave. */
  named(): Set<number> {
    const all = new Set<number>()
    for (const slots of this.#buckets.values()) for (const slot of slots ?? []) all.add(slot)
    return all
  }

  #turnTo(start: number): void {
    const known = this.#buckets.get(start)
    this.#last = known === undefined ? new Set() : known
    if (known === undefined) this.#buckets.set(start, this.#last)
    this.#lastStart = start
  }
}
