import type { CorrectedSpan, SliSpec } from '@nines/contracts'
import { HOUR_MS, MINUTE_MS, minuteOf, type EventCounts } from '../minute.ts'
import { isTimeSlices } from '../time-slices.ts'
import type { Span } from '../window-span.ts'
import type { HourColumns } from './hour-columns.ts'
import { MinuteSet } from './minute-set.ts'

/** Slices of one SLO version as columns, in any order; of several revisions of a minute the newest counts. */
export interface SliceColumns {
  /** Starts of the minutes in minutes since 1970. */
  minute: ArrayLike<number>
  good: ArrayLike<number>
  total: ArrayLike<number>
  revision: ArrayLike<number>
}

/** What corrections made of measured minutes. */
export interface GridCorrections {
  excludedMinutes: number
  goodMinutes: number
  badEvents: number
}

/** Called with the place of an hour, and those of its minutes, from 0 to 59, that lie in a stretch: [first, end). */
type HourPart = (hour: number, first: number, end: number) => void

/**
 * Every minute of a stretch, of which a report looks at millions once, where MinuteSeries keeps few of them for long. It shows
 * the minutes that are not all good, which is what a ledger asks for, and sums of any.
 *
 * Hours may be known by their sums alone: then nothing is kept or looked at for each of their minutes but two bits, whether it was
 * measured and whether it had events. Such a sum stands in the first minute of its hour, which is no minute to show; sums and
 * corrections of whole hours are right.
 */
export class MinuteGrid {
  readonly from: number
  readonly length: number
  /** Minutes of the first hour of UTC that lie before the grid. */
  readonly #lead: number
  /** What is known of an hour as a whole. */
  readonly #good: Float64Array
  readonly #total: Float64Array
  readonly #measured: MinuteSet
  readonly #withEvents: MinuteSet
  /** Where the minutes of an hour begin among those that are known one by one; -1 for other hours. */
  readonly #places: Int32Array
  #minuteGood = new Float64Array(0)
  #minuteTotal = new Float64Array(0)

  /** The minutes that start in [from, to). */
  constructor({ from, to }: Span) {
    this.from = minuteOf(from)
    this.length = Math.max(0, Math.ceil((to - this.from) / MINUTE_MS))
    this.#lead = (this.from % HOUR_MS) / MINUTE_MS
    const hours = Math.ceil((this.#lead + this.length) / 60)
    this.#good = new Float64Array(hours)
    this.#total = new Float64Array(hours)
    this.#measured = new MinuteSet(hours)
    this.#withEvents = new MinuteSet(hours)
    this.#places = new Int32Array(hours).fill(-1)
  }

  /** Stored slices on a grid; those outside of it are left out. */
  static of(slices: SliceColumns, span: Span): MinuteGrid {
    const grid = new MinuteGrid(span)
    grid.#load(slices)
    return grid
  }

  /** Hours by their sums, but for those whose minutes were loaded. Hours that lie partly outside of the grid are left out. */
  static ofHours(hours: HourColumns, loaded: ReadonlySet<number>, slices: SliceColumns, span: Span): MinuteGrid {
    const grid = MinuteGrid.of(slices, span)
    const firstHour = (grid.from - grid.#lead * MINUTE_MS) / HOUR_MS
    for (let row = 0; row < hours.hour.length; row++) {
      const hour = hours.hour[row] as number
      const place = hour - firstHour
      const start = place * 60 - grid.#lead
      if (loaded.has(hour) || start < 0 || start + 60 > grid.length) continue
      grid.#places[place] = -1
      grid.#good[place] = hours.good[row] as number
      grid.#total[place] = hours.total[row] as number
      grid.#measured.put(place, hours.measuredLow[row] as number, hours.measuredHigh[row] as number)
      grid.#withEvents.put(place, hours.eventsLow[row] as number, hours.eventsHigh[row] as number)
    }
    return grid
  }

  /** A copy as corrections make it; `spans` as correctedSpans gives them. */
  corrected(spans: readonly CorrectedSpan[]): MinuteGrid {
    if (spans.length === 0) return this
    const copy = this.#copy()
    for (const span of spans)
      this.#eachHour(span, (hour, first, end) => {
        if (span.effect === 'exclude') copy.#exclude(hour, first, end)
        else copy.#countAsGood(hour, first, end)
      })
    return copy
  }

  /** What of the minutes of a stretch the spans correct. */
  keptOut(spans: readonly CorrectedSpan[], { from, to }: Span): GridCorrections {
    const kept = { excludedMinutes: 0, goodMinutes: 0, badEvents: 0 }
    for (const span of spans) {
      const part = { from: Math.max(from, span.from), to: Math.min(to, span.to) }
      const { measured } = this.coverage(part)
      this.#eachCount(part, (good, total) => (kept.badEvents += total - good))
      if (span.effect === 'exclude') kept.excludedMinutes += measured
      else kept.goodMinutes += measured
    }
    return kept
  }

  /**
   * The minutes as an SLI counts them: themselves, or the slices of time that they make up. A slice stands in its last minute,
   * and counts when all of it lies on the grid before `endedBy`; none lies in two hours. Hours that are known by their sums must be
   * all good then.
   */
  counted(sli: SliSpec, endedBy: number): MinuteGrid {
    if (!isTimeSlices(sli)) return this
    const slices = new MinuteGrid(this.#span)
    slices.#places.set(this.#places)
    slices.#minuteGood = new Float64Array(this.#minuteGood.length)
    slices.#minuteTotal = new Float64Array(this.#minuteTotal.length)
    const size = sli.sliceMinutes
    this.#eachHour({ from: this.from, to: minuteOf(endedBy) }, (hour, first, end) => {
      for (let start = Math.ceil(first / size) * size; start + size <= end; start += size) {
        let [isMeasured, hasEvents] = [false, false]
        for (let minute = start; minute < start + size; minute++) {
          isMeasured ||= this.#measured.has(hour, minute)
          hasEvents ||= this.#withEvents.has(hour, minute)
        }
        if (!isMeasured) continue
        const last = start + size - 1
        slices.#measured.add(hour, last)
        const ratio = this.#isSummed(hour) ? (hasEvents ? 1 : null) : this.#ratio(hour, start, start + size)
        if (ratio === null) continue
        slices.#withEvents.add(hour, last)
        slices.#add(hour, last, sli.kind === 'ratio_time_slices' ? ratio : ratio >= sli.sliceTarget ? 1 : 0, 1)
      }
    })
    return slices
  }

  /** Minutes of a stretch that were measured, and those with events. */
  coverage(span: Span): { measured: number; withEvents: number } {
    let [measured, withEvents] = [0, 0]
    this.#eachHour(span, (hour, first, end) => {
      measured += this.#measured.count(hour, first, end)
      withEvents += this.#withEvents.count(hour, first, end)
    })
    return { measured, withEvents }
  }

  /** Events of the minutes that start in [from, to). */
  sumOf(span: Span): EventCounts {
    const sum = { good: 0, total: 0 }
    this.#eachCount(span, (good, total) => {
      sum.good += good
      sum.total += total
    })
    return sum
  }

  /** Sum over the minutes that start in first..last, both included. */
  sum(first: number, last: number): EventCounts {
    return this.sumOf({ from: first, to: last + MINUTE_MS })
  }

  /** The known minutes that start in [from, to) and are not all good, ascending: all that spend or burn. */
  *minutes(from = -Infinity, to = Infinity): Generator<[minute: number, counts: EventCounts]> {
    const [begin, end] = this.#range({ from, to })
    for (let hour = Math.floor(begin / 60); hour * 60 < end; hour++) {
      if (this.#isSummed(hour)) continue
      const start = this.#places[hour] as number
      for (let minute = Math.max(0, begin - hour * 60); minute < Math.min(60, end - hour * 60); minute++) {
        const good = this.#minuteGood[start + minute] as number
        const total = this.#minuteTotal[start + minute] as number
        if (good !== total) yield [this.from + (hour * 60 + minute - this.#lead) * MINUTE_MS, { good, total }]
      }
    }
  }

  get #span(): Span {
    return { from: this.from, to: this.from + this.length * MINUTE_MS }
  }

  #copy(): MinuteGrid {
    const copy = new MinuteGrid(this.#span)
    copy.#good.set(this.#good)
    copy.#total.set(this.#total)
    copy.#measured.setTo(this.#measured)
    copy.#withEvents.setTo(this.#withEvents)
    copy.#places.set(this.#places)
    copy.#minuteGood = this.#minuteGood.slice()
    copy.#minuteTotal = this.#minuteTotal.slice()
    return copy
  }

  #isSummed(hour: number): boolean {
    return (this.#places[hour] as number) < 0
  }

  #load({ minute, good, total, revision }: SliceColumns): void {
    const first = this.from / MINUTE_MS
    const isInside = (row: number) => (minute[row] as number) >= first && (minute[row] as number) < first + this.length
    const positionOf = (row: number) => (minute[row] as number) - first + this.#lead
    for (let row = 0; row < minute.length; row++) if (isInside(row)) this.#places[Math.floor(positionOf(row) / 60)] = 0
    let minutes = 0
    for (let hour = 0; hour < this.#places.length; hour++) {
      if (this.#isSummed(hour)) continue
      this.#places[hour] = minutes
      minutes += 60
    }
    this.#minuteGood = new Float64Array(minutes)
    this.#minuteTotal = new Float64Array(minutes)
    const newest = new Float64Array(minutes).fill(-Infinity)
    for (let row = 0; row < minute.length; row++) {
      if (!isInside(row)) continue
      const position = positionOf(row)
      const hour = Math.floor(position / 60)
      const place = (this.#places[hour] as number) + (position % 60)
      const known = revision[row] as number
      if (known < (newest[place] as number)) continue
      newest[place] = known
      this.#minuteGood[place] = good[row] as number
      this.#minuteTotal[place] = total[row] as number
      this.#measured.add(hour, position % 60)
      if ((total[row] as number) > 0) this.#withEvents.add(hour, position % 60)
      else this.#withEvents.remove(hour, position % 60, (position % 60) + 1)
    }
  }

  /** Excludes minutes of an hour. */
  #exclude(hour: number, first: number, end: number): void {
    this.#withEvents.remove(hour, first, end)
    const start = this.#places[hour] as number
    if (start >= 0) {
      this.#minuteGood.fill(0, start + first, start + end)
      this.#minuteTotal.fill(0, start + first, start + end)
    } else if (first === 0) {
      this.#good[hour] = 0
      this.#total[hour] = 0
    }
  }

  #countAsGood(hour: number, first: number, end: number): void {
    const start = this.#places[hour] as number
    if (start >= 0) this.#minuteGood.set(this.#minuteTotal.subarray(start + first, start + end), start + first)
    else if (first === 0) this.#good[hour] = this.#total[hour] as number
  }

  /** Share of good events of minutes that are known one by one; null without events. */
  #ratio(hour: number, first: number, end: number): number | null {
    const start = this.#places[hour] as number
    let [good, total] = [0, 0]
    for (let place = start + first; place < start + end; place++) {
      good += this.#minuteGood[place] as number
      total += this.#minuteTotal[place] as number
    }
    return total === 0 ? null : good / total
  }

  #add(hour: number, minute: number, good: number, total: number): void {
    const start = this.#places[hour] as number
    if (start >= 0) {
      this.#minuteGood[start + minute] = good
      this.#minuteTotal[start + minute] = total
    } else {
      this.#good[hour]! += good
      this.#total[hour]! += total
    }
  }

  /** The counts of a stretch in the order of time, of hours that are known by their sums at once. */
  #eachCount(span: Span, visit: (good: number, total: number) => void): void {
    this.#eachHour(span, (hour, first, end) => {
      const start = this.#places[hour] as number
      if (start >= 0)
        for (let place = start + first; place < start + end; place++)
          visit(this.#minuteGood[place] as number, this.#minuteTotal[place] as number)
      else if (first === 0) visit(this.#good[hour] as number, this.#total[hour] as number)
    })
  }

  /** The hours that hold minutes which start in the span. */
  #eachHour(span: Span, visit: HourPart): void {
    const [begin, end] = this.#range(span)
    for (let hour = Math.floor(begin / 60); hour * 60 < end; hour++)
      visit(hour, Math.max(0, begin - hour * 60), Math.min(60, end - hour * 60))
  }

  /** The minutes that start in [from, to), counted from the start of the first hour. */
  #range({ from, to }: Span): [first: number, end: number] {
    const place = (at: number) => Math.min(this.length, Math.max(0, Math.ceil((at - this.from) / MINUTE_MS)))
    return [this.#lead + place(from), this.#lead + place(to)]
  }
}
