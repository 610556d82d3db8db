import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf, type EventCounts } from './minute.ts'
import { noteChange } from './changes-so-far.ts'
import { DayOfMinutes } from './day-of-minutes.ts'
import { MINUTES_OF_DAY, type MinutesOfDay } from './minutes-of-day.ts'
import { PackedDay } from './packed-day.ts'

/** Days first..last, both included, with their sum. */
interface KnownDays extends EventCounts {
  first: number
  last: number
}

/** The sums over days of so many windows are kept: an SLO's own, its further objectives', and those of its pairs. */
const MOST_KNOWN = 12
/** Fewer days than this are added up as quickly as they are found. */
const FEW_DAYS = 3
/** Today and yesterday stay as they are: late points come mostly for them. */
const OPEN_DAYS = 2

/**
 * Good and total events by minute, correctable anywhere. Sums over any range cost at most a hundred additions whatever the
 * range (whole hours, whole days and the days of a window are kept as sums), and are exact wherever the counts are
 * integers below 2^53. A minute is measured when it was set or added to, also with zero events: silence and "no events"
 * differ.
 */
export class MinuteSeries {
  /** The last days are open, older ones packed; one that is written again is open until the next day begins. */
  readonly #days = new Map<number, MinutesOfDay>()
  #firstDay = Infinity
  #lastDay = -Infinity
  /** Sums over stretches of days none of which changed since; newest first. */
  #known: KnownDays[] = []
  /** The newest day of any of them: what is written behind it changes none. */
  #knownUntil = -Infinity
  /** By the start of the hour, the count of changes when it last changed; null while nobody asks. */
  #changedHours: Map<number, number> | null = null

  /** Replaces the minute (epoch ms of its start). */
  set(minute: number, counts: EventCounts): void {
    this.#day(minute).set(indexOf(minute), counts.good, counts.total)
  }

  /**
   * Takes over minutes that lie one behind the other from `first` on (epoch ms of its start); one whose total is NaN was not
   * measured, and stays as it is. A day of the past that held nothing is packed at once.
   */
  restore(first: number, good: Float64Array, total: Float64Array): void {
    for (let i = 0; i < total.length;) {
      const minute = first + i * MINUTE_MS
      const end = Math.min(total.length, i + MINUTES_OF_DAY - indexOf(minute))
      this.#restoreDay(minute, good.subarray(i, end), total.subarray(i, end))
      i = end
    }
  }

  /** Adds to the minute. */
  add(minute: number, good: number, total: number): void {
    const day = this.#day(minute)
    const index = indexOf(minute)
    day.set(index, day.good(index) + good, day.total(index) + total)
  }

  /** Makes the minute unmeasured. */
  clear(minute: number): void {
    if (this.#days.has(dayOf(minute))) this.#day(minute).clear(indexOf(minute))
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
    if (last < first) return counts
    const [firstDay, lastDay] = [dayOf(first), dayOf(last)]
    if (firstDay === lastDay) {
      this.#days.get(firstDay)?.addTo(counts, indexOf(first), indexOf(last))
      return counts
    }
    this.#days.get(firstDay)?.addTo(counts, indexOf(first), 1439)
    this.#addDays(counts, Math.max(firstDay + 1, this.#firstDay), Math.min(lastDay - 1, this.#lastDay))
    this.#days.get(lastDay)?.addTo(counts, 0, indexOf(last))
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

  /** Remembers from now on when which hour changed. */
  follow(): void {
    this.#changedHours ??= new Map()
  }

  /** Starts of the hours with a minute that was written after so many changes (see changesSoFar); only where it is followed. */
  *hoursChangedSince(changes: number): Generator<number> {
    for (const [hour, changedAt] of this.#changedHours ?? []) if (changedAt > changes) yield hour
  }

  /** Forgets whole days that end before the instant. */
  forgetBefore(at: number): void {
    const keep = dayOf(at)
    if (keep <= this.#firstDay) return
    for (const day of this.#days.keys()) if (day < keep) this.#days.delete(day)
    for (const hour of this.#changedHours?.keys() ?? []) if (dayOf(hour) < keep) this.#changedHours?.delete(hour)
    this.#firstDay = Math.max(this.#firstDay, keep)
    this.#keepKnown(this.#known.filter((known) => known.first >= keep))
  }

  /** Adds whole days first..last, from one sum where it was asked for before and no day of it changed. */
  #addDays(into: EventCounts, first: number, last: number): void {
    if (last - first < FEW_DAYS) {
      for (let day = first; day <= last; day++) this.#days.get(day)?.addTo(into, 0, 1439)
      return
    }
    let sum = this.#known.find((known) => known.first === first && known.last === last)
    if (!sum) {
      sum = { first, last, good: 0, total: 0 }
      for (let day = first; day <= last; day++) this.#days.get(day)?.addTo(sum, 0, 1439)
      this.#keepKnown([sum, ...this.#known.slice(0, MOST_KNOWN - 1)])
    }
    into.good += sum.good
    into.total += sum.total
  }

  /** The same of minutes of one day. */
  #restoreDay(first: number, good: Float64Array, total: Float64Array): void {
    const isMeasured = (count: number) => !Number.isNaN(count)
    if (!total.some(isMeasured)) return
    const number = dayOf(first)
    const isPast = number <= this.#lastDay - OPEN_DAYS && !this.#days.has(number)
    const packed = isPast ? PackedDay.ofMinutes(indexOf(first), good, total) : null
    if (packed) {
      this.#days.set(number, packed)
      this.#firstDay = Math.min(this.#firstDay, number)
      this.#noteChange(number)
      for (let hour = 0; hour < DAY_MS; hour += HOUR_MS) this.#changedHours?.set(number * DAY_MS + hour, noteChange())
      return
    }
    const day = this.#day(first)
    for (let i = 0; i < total.length; i++) {
      if (!isMeasured(total[i]!)) continue
      day.set(indexOf(first) + i, good[i]!, total[i]!)
      this.#changedHours?.set(Math.floor((first + i * MINUTE_MS) / HOUR_MS) * HOUR_MS, noteChange())
    }
  }

  #noteChange(day: number): void {
    if (day > this.#knownUntil) return
    this.#keepKnown(this.#known.filter((known) => day < known.first || day > known.last))
  }

  #keepKnown(known: KnownDays[]): void {
    this.#known = known
    this.#knownUntil = Math.max(-Infinity, ...known.map(({ last }) => last))
  }

  /** The day of a minute that is about to be written. */
  #day(minute: number): DayOfMinutes {
    const number = dayOf(minute)
    this.#noteChange(number)
    this.#changedHours?.set(Math.floor(minute / HOUR_MS) * HOUR_MS, noteChange())
    const known = this.#days.get(number)
    if (known instanceof DayOfMinutes) return known
    if (!known) this.#packDays()
    const day = known instanceof PackedDay ? known.open() : new DayOfMinutes()
    this.#days.set(number, day)
    this.#firstDay = Math.min(this.#firstDay, number)
    this.#lastDay = Math.max(this.#lastDay, number)
    return day
  }

  #packDays(): void {
    for (const [number, day] of this.#days) {
      if (number > this.#lastDay - OPEN_DAYS || !(day instanceof DayOfMinutes)) continue
      const packed = PackedDay.of(day)
      if (packed) this.#days.set(number, packed)
    }
  }
}

const dayOf = (minute: number) => Math.floor(minute / DAY_MS)
const indexOf = (minute: number) => Math.floor((minute - dayOf(minute) * DAY_MS) / MINUTE_MS)
