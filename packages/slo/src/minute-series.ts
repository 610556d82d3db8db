import { DAY_MS, MINUTE_MS, minuteOf, type EventCounts } from './minute.ts'
import { DayOfMinutes } from './day-of-minutes.ts'

/**
 * Good and total events by minute, correctable anywhere. Sums over any range cost a few hundred additions whatever the
 * range (whole days and hours are kept as sums), and are exact wherever the counts are integers below 2^53.
 * A minute is measured when it was set or added to, also with zero events: silence and "no events" differ.
 */
export class MinuteSeries {
  readonly #days = new Map<number, DayOfMinutes>()
  #firstDay = Infinity
  #lastDay = -Infinity

  /** Replaces the minute (epoch ms of its start). */
  set(minute: number, counts: EventCounts): void {
    this.#day(minute).set(indexOf(minute), counts.good, counts.total)
  }

  /** Adds to the minute. */
  add(minute: number, good: number, total: number): void {
    const day = this.#day(minute)
    const index = indexOf(minute)
    day.set(index, day.good(index) + good, day.total(index) + total)
  }

  /** Makes the minute unmeasured. */
  clear(minute: number): void {
    this.#days.get(dayOf(minute))?.clear(indexOf(minute))
  }

  /** The minute's counts, or null when it was not measured. */
  get(minute: number): EventCounts | null {
    const day = this.#days.get(dayOf(minute))
    const index = indexOf(minute)
    return day?.isMeasured(index) ? { good: day.good(index), total: day.total(index) } : null
  }

  /** Sum over the minutes that start in first..last, both included (starts of minutes, epoch ms). */
  sum(first: number, last: number): EventCounts {
    const counts = { good: 0, total: 0 }
    const end = Math.min(dayOf(last), this.#lastDay)
    for (let day = Math.max(dayOf(first), this.#firstDay); day <= end; day++) {
      const from = day === dayOf(first) ? indexOf(first) : 0
      const to = day === dayOf(last) ? indexOf(last) : 1439
      this.#days.get(day)?.addTo(counts, from, to)
    }
    return counts
  }

  /** First measured minute, or null. */
  firstMinute(): number | null {
    for (let day = this.#firstDay; day <= this.#lastDay; day++) {
      const index = this.#days.get(day)?.firstMeasured() ?? -1
      if (index >= 0) return day * DAY_MS + index * MINUTE_MS
    }
    return null
  }

  /** Newest measured minute that starts at or before `now`, with events when asked; null without one. */
  newestMinute(now: number, withEvents: boolean): number | null {
    const newest = Math.min(dayOf(now), this.#lastDay)
    for (let day = newest; day >= this.#firstDay; day--) {
      const content = this.#days.get(day)
      if (!content || (withEvents && content.isWithoutEvents())) continue
      const index = content.newest(day === dayOf(now) ? indexOf(minuteOf(now)) : 1439, withEvents)
      if (index >= 0) return day * DAY_MS + index * MINUTE_MS
    }
    return null
  }

  /** Measured minutes that start in [from, to), ascending. */
  *minutes(from = -Infinity, to = Infinity): Generator<[minute: number, counts: EventCounts]> {
    for (let day = Math.max(dayOf(from), this.#firstDay); day <= Math.min(dayOf(to), this.#lastDay); day++) {
      const content = this.#days.get(day)
      if (!content) continue
      for (let index = 0; index < 1440; index++) {
        const minute = day * DAY_MS + index * MINUTE_MS
        if (minute < from || minute >= to || !content.isMeasured(index)) continue
        yield [minute, { good: content.good(index), total: content.total(index) }]
      }
    }
  }

  /** Forgets whole days that end before the instant. */
  forgetBefore(at: number): void {
    const keep = dayOf(at)
    for (const day of this.#days.keys()) if (day < keep) this.#days.delete(day)
    this.#firstDay = Math.max(this.#firstDay, keep)
  }

  #day(minute: number): DayOfMinutes {
    const number = dayOf(minute)
    const known = this.#days.get(number)
    if (known) return known
    const day = new DayOfMinutes()
    this.#days.set(number, day)
    this.#firstDay = Math.min(this.#firstDay, number)
    this.#lastDay = Math.max(this.#lastDay, number)
    return day
  }
}

const dayOf = (minute: number) => Math.floor(minute / DAY_MS)
const indexOf = (minute: number) => Math.floor((minute - dayOf(minute) * DAY_MS) / MINUTE_MS)
