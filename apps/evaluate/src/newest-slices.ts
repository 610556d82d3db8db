import { MINUTE_MS, type Span } from '@nines/slo'

/** The newest revision of every minute of a range, whatever order revisions come in. Columns: an SLO's window has half a million. */
export class NewestSlices {
  readonly #from: number
  /** NaN where no minute came. */
  readonly #total: Float64Array
  readonly #good: Float64Array
  readonly #revisions: Float64Array
  /** Places of the oldest and the newest minute that came. */
  #oldest = Infinity
  #newest = -Infinity
  /** Of all that came. */
  lastRevision = 0

  /** Of the minutes that start in [from, to); both are starts of minutes, epoch ms. */
  constructor({ from, to }: Span) {
    const places = Math.max(0, (to - from) / MINUTE_MS)
    this.#from = from
    this.#good = new Float64Array(places)
    this.#total = new Float64Array(places).fill(NaN)
    this.#revisions = new Float64Array(places)
  }

  /** Oldest and newest minute; null when none came. */
  get span(): Span | null {
    if (this.#oldest > this.#newest) return null
    return { from: this.#from + this.#oldest * MINUTE_MS, to: this.#from + this.#newest * MINUTE_MS }
  }

  take(minute: number, good: number, total: number, revision: number): void {
    const place = (minute - this.#from) / MINUTE_MS
    const known = this.#revisions[place]
    // Undefined beside the range; revisions are instants, above 0.
    if (known === undefined || known >= revision) return
    this.#revisions[place] = revision
    this.#good[place] = good
    this.#total[place] = total
    if (revision > this.lastRevision) this.lastRevision = revision
    if (place < this.#oldest) this.#oldest = place
    if (place > this.#newest) this.#newest = place
  }

  /** The minutes from the oldest to the newest one; the total of those that did not come is NaN. */
  get columns(): { first: number; good: Float64Array; total: Float64Array } | null {
    if (this.#oldest > this.#newest) return null
    const [start, end] = [this.#oldest, this.#newest + 1]
    return {
      first: this.#from + start * MINUTE_MS,
      good: this.#good.subarray(start, end),
      total: this.#total.subarray(start, end),
    }
  }
}
