import { BUCKET_MS, MINUTE_MS } from './bucket-width.ts'

/** What all counters of one name that a service has come to. */
export interface ServiceGroup {
  metric: string
  service: string
}

export interface ServiceMinute extends ServiceGroup {
  /** Start of the minute, epoch ms. */
  at: number
  /** Counters with samples in the minute. */
  series: number
  increase: number
}

/** Numbers kept at most, two a group and minute: 32 MB. */
const MOST_NUMBERS = 4_000_000
const NO_GROUP = 0

/** Sums of counters by service and minute, kept until their bucket of five minutes is closed. Group 0 is none. */
export class ServiceMinutes {
  readonly #groups: (ServiceGroup | undefined)[] = [undefined]
  readonly #numbers = new Map<string, number>()
  readonly #uses: number[] = [0]
  readonly #free: number[] = []
  /** By the minute's end: series and increase of each group. */
  readonly #minutes = new Map<number, Float64Array>()
  #lastEnd = NaN
  #last: Float64Array = new Float64Array(0)

  /** Number of a group, for one more series. */
  enter(group: ServiceGroup): number {
    const key = `${group.metric}\0${group.service}`
    const known = this.#numbers.get(key)
    const number = known ?? this.#free.pop() ?? this.#groups.length
    if (known === undefined) {
      this.#numbers.set(key, number)
      this.#groups[number] = group
      this.#uses[number] = 0
    }
    this.#uses[number]!++
    return number
  }

  /** One series less. Only for series whose minutes have all been taken. */
  leave(number: number): void {
    if (number === NO_GROUP || --this.#uses[number]! > 0) return
    const { metric, service } = this.#groups[number]!
    this.#numbers.delete(`${metric}\0${service}`)
    this.#groups[number] = undefined
    this.#free.push(number)
  }

  /** Adds one series' minute that ends at `end`. */
  add(number: number, end: number, increase: number): void {
    if (end !== this.#lastEnd) this.#turnTo(end)
    if (2 * number >= this.#last.length) this.#widen(end)
    this.#last[2 * number]! += 1
    this.#last[2 * number + 1]! += increase
  }

  /** Gives up the oldest minutes where there are too many; starts of the buckets that are no longer whole. */
  dropSurplus(): number[] {
    const dropped = new Set<number>()
    for (const end of [...this.#minutes.keys()].sort((a, b) => a - b)) {
      if (this.#minutes.size * 2 * this.#groups.length <= MOST_NUMBERS) break
      this.#minutes.delete(end)
      dropped.add(Math.ceil(end / BUCKET_MS) * BUCKET_MS - BUCKET_MS)
    }
    this.#lastEnd = NaN
    return [...dropped]
  }

  /** Takes out the minutes that start in [from, to). */
  take(from: number, to: number): ServiceMinute[] {
    const taken: ServiceMinute[] = []
    for (let at = from; at < to; at += MINUTE_MS) {
      const cells = this.#minutes.get(at + MINUTE_MS)
      if (!cells) continue
      this.#minutes.delete(at + MINUTE_MS)
      for (let number = 1; 2 * number < cells.length; number++) {
        const series = cells[2 * number]!
        if (series > 0) taken.push({ ...this.#groups[number]!, at, series, increase: cells[2 * number + 1]! })
      }
    }
    this.#lastEnd = NaN
    return taken
  }

  #turnTo(end: number): void {
    this.#last = this.#minutes.get(end) ?? new Float64Array(2 * this.#groups.length)
    this.#minutes.set(end, this.#last)
    this.#lastEnd = end
  }

  #widen(end: number): void {
    const wider = new Float64Array(4 * this.#groups.length)
    wider.set(this.#last)
    this.#last = wider
    this.#minutes.set(end, wider)
  }
}
