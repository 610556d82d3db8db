import type { MinuteCounts } from './minute-counts.ts'
import type { MinuteSeries } from './minute-series.ts'
import { MINUTE_MS, minuteOf, type EventCounts } from './minute.ts'

/**
 * A stretch of past minutes as running totals: any sum is one subtraction, whatever its range. It shows only what was
 * known at an instant that moves on, so that a replay sees no future. Sums are exact wherever the running totals are
 * integers below 2^53.
 */
export class PrefixMinutes implements MinuteCounts {
  readonly #first: number
  readonly #length: number
  /** Totals of the minutes before each index. */
  readonly #good: Float64Array
  readonly #total: Float64Array
  readonly #isMeasured: Uint8Array
  /** Newest measured minute up to each index, and newest with events; -1 without one. */
  readonly #newestMeasured: Int32Array
  readonly #newestWithEvents: Int32Array
  readonly #firstMeasured: number
  /** How far history reaches back, also before the stretch. */
  readonly #firstEver: number
  /** Minutes from this index on are not known yet. */
  #known = 0

  /** Copies the minutes that start in [from, to). */
  constructor(minutes: MinuteSeries, from: number, to: number) {
    this.#first = minuteOf(from)
    this.#length = Math.max(0, Math.ceil((to - this.#first) / MINUTE_MS))
    this.#good = new Float64Array(this.#length + 1)
    this.#total = new Float64Array(this.#length + 1)
    this.#isMeasured = new Uint8Array(this.#length)
    this.#newestMeasured = new Int32Array(this.#length)
    this.#newestWithEvents = new Int32Array(this.#length)
    for (const [minute, { good, total }] of minutes.minutes(this.#first, to)) {
      const index = (minute - this.#first) / MINUTE_MS
      this.#good[index + 1] = good
      this.#total[index + 1] = total
      this.#isMeasured[index] = 1
    }
    for (let i = 0; i < this.#length; i++) {
      const isMeasured = this.#isMeasured[i] === 1
      this.#newestMeasured[i] = isMeasured ? i : (this.#newestMeasured[i - 1] ?? -1)
      this.#newestWithEvents[i] = this.#total[i + 1]! > 0 ? i : (this.#newestWithEvents[i - 1] ?? -1)
      this.#good[i + 1] = this.#good[i + 1]! + this.#good[i]!
      this.#total[i + 1] = this.#total[i + 1]! + this.#total[i]!
    }
    this.#firstMeasured = this.#isMeasured.indexOf(1)
    this.#firstEver = minutes.firstMinute() ?? Infinity
  }

  /** Shows the minutes that ended by the instant, epoch ms, and hides the others. */
  knowUntil(now: number): void {
    this.#known = this.#clamp(Math.floor((now - this.#first) / MINUTE_MS))
  }

  get(minute: number): EventCounts | null {
    const index = (minuteOf(minute) - this.#first) / MINUTE_MS
    if (index < 0 || index >= this.#known || this.#isMeasured[index] === 0) return null
    return {
      good: this.#good[index + 1]! - this.#good[index]!,
      total: this.#total[index + 1]! - this.#total[index]!,
    }
  }

  sum(first: number, last: number): EventCounts {
    const from = this.#clamp((minuteOf(first) - this.#first) / MINUTE_MS)
    const end = Math.min(this.#known, this.#clamp((minuteOf(last) - this.#first) / MINUTE_MS + 1))
    if (end <= from) return { good: 0, total: 0 }
    return { good: this.#good[end]! - this.#good[from]!, total: this.#total[end]! - this.#total[from]! }
  }

  firstMinute(): number | null {
    if (this.#firstEver < this.#first) return this.#firstEver
    const isKnown = this.#firstMeasured >= 0 && this.#firstMeasured < this.#known
    return isKnown ? this.#first + this.#firstMeasured * MINUTE_MS : null
  }

  newestMinute(now: number, withEvents: boolean): number | null {
    const last = Math.min(this.#known - 1, (minuteOf(now) - this.#first) / MINUTE_MS)
    const index = (withEvents ? this.#newestWithEvents : this.#newestMeasured)[last] ?? -1
    return index < 0 ? null : this.#first + index * MINUTE_MS
  }

  #clamp(index: number): number {
    return Math.min(this.#length, Math.max(0, index))
  }
}
