import { MINUTE_MS } from '@nines/slo'

const NONE = -1

/** The newest revision of every minute of a range, whatever order revisions come in. Columns: an SLO's window has half a million. */
export class NewestSlices {
  readonly #from: number
  readonly #good: Float64Array
  readonly #total: Float64Array
  readonly #revisions: Float64Array
  /** Places of the oldest and the newest minute that came. */
  #oldest = Infinity
  #newest = -Infinity
  /** Of all that came. */
  lastRevision = 0

  /** Of the minutes that start in [from, to); both are starts of minutes, epoch ms. */
  constructor(from: number, to: number) {
    const places = Math.max(0, (to - from) / MINUTE_MS)
    this.#from = from
    this.#good = new Float64Array(places)
    this.#total = new Float64Array(places)
    this.#revisions = new Float64Array(places).fill(NONE)
  }

  /** Oldest and newest minute; null when none came. */
  get span(): { from: number; to: number } | null {
    if (this.#oldest > this.#newest) return null
    return { from: this.#from + this.#oldest * MINUTE_MS, to: this.#from + this.#newest * MINUTE_MS }
  }

  take(minute: number, good: number, total: number, revision: number): void {
    const place = (minute - this.#from) / MINUTE_MS
    const known = this.#revisions[place]
    // Undefined beside the range.
    if (known === undefined || known >= revision) return
    this.#revisions[place] = revision
    this.#good[place] = good
    this.#total[place] = total
    this.lastRevision = Math.max(this.lastRevision, revision)
    this.#oldest = Math.min(this.#oldest, place)
    this.#newest = Math.max(this.#newest, place)
  }

  /** Ascending. */
  *slices(): Generator<[minute: number, good: number, total: number]> {
    for (let place = this.#oldest; place <= this.#newest; place++) {
      if (this.#revisions[place] === NONE) continue
      yield [this.#from + place * MINUTE_MS, this.#good[place]!, this.#total[place]!]
    }
  }
}
