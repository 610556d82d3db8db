import type { CorrectedSpan, SliSpec } from '@nines/contracts'
import { MINUTE_MS, minuteOf, type EventCounts } from '../minute.ts'
import { isTimeSlices } from '../time-slices.ts'
import type { Span } from '../window-span.ts'
import { hasMinute, type HourColumns } from './hour-columns.ts'

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

/**
 * Every minute of a stretch in typed arrays: a report reads millions of them once, where MinuteSeries keeps few of them for
 * long. It shows the minutes that are not all good, which is what a ledger asks for, and sums of any.
 *
 * Hours may be known by their sums alone. Those stand in the first minute of the hour, which is then no minute to show; sums
 * and corrections of whole hours are right, and which minutes were measured and had events is known all the same.
 */
export class MinuteGrid {
  readonly from: number
  readonly length: number
  readonly good: Float64Array
  readonly total: Float64Array
  /** 1 where the minute was measured, and where it had events. */
  readonly measured: Uint8Array
  readonly withEvents: Uint8Array
  /** 1 in the minutes of hours that are known by their sums alone. */
  readonly summed: Uint8Array

  /** The minutes that start in [from, to). */
  constructor({ from, to }: Span) {
    this.from = minuteOf(from)
    this.length = Math.max(0, Math.ceil((to - this.from) / MINUTE_MS))
    this.good = new Float64Array(this.length)
    this.total = new Float64Array(this.length)
    this.measured = new Uint8Array(this.length)
    this.withEvents = new Uint8Array(this.length)
    this.summed = new Uint8Array(this.length)
  }

  /** Stored slices on a grid; those outside of it are left out. */
  static of(slices: SliceColumns, span: Span): MinuteGrid {
    const grid = new MinuteGrid(span)
    const newest = new Float64Array(grid.length)
    const first = grid.from / MINUTE_MS
    const { minute, good, total, revision } = slices
    for (let row = 0; row < minute.length; row++) {
      const index = (minute[row] as number) - first
      if (index < 0 || index >= grid.length) continue
      const known = revision[row] as number
      if (grid.measured[index] === 1 && known < (newest[index] as number)) continue
      newest[index] = known
      grid.measured[index] = 1
      grid.good[index] = good[row] as number
      grid.total[index] = total[row] as number
      grid.withEvents[index] = Number((total[row] as number) > 0)
    }
    return grid
  }

  /** Hours by their sums, but for those whose minutes were loaded. Hours that lie partly outside of the grid are left out. */
  static ofHours(hours: HourColumns, loaded: ReadonlySet<number>, slices: SliceColumns, span: Span): MinuteGrid {
    const grid = MinuteGrid.of(slices, span)
    const first = grid.from / MINUTE_MS
    for (let row = 0; row < hours.hour.length; row++) {
      const hour = hours.hour[row] as number
      const start = hour * 60 - first
      if (loaded.has(hour) || start < 0 || start + 60 > grid.length) continue
      grid.good[start] = hours.good[row] as number
      grid.total[start] = hours.total[row] as number
      grid.summed.fill(1, start, start + 60)
      const [low, high] = [hours.measuredLow[row] as number, hours.measuredHigh[row] as number]
      const [eventsLow, eventsHigh] = [hours.eventsLow[row] as number, hours.eventsHigh[row] as number]
      for (let minute = 0; minute < 60; minute++) {
        if (hasMinute(low, high, minute)) grid.measured[start + minute] = 1
        if (hasMinute(eventsLow, eventsHigh, minute)) grid.withEvents[start + minute] = 1
      }
    }
    return grid
  }

  /** A copy as corrections make it; `spans` as correctedSpans gives them. */
  corrected(spans: readonly CorrectedSpan[]): MinuteGrid {
    if (spans.length === 0) return this
    const copy = new MinuteGrid({ from: this.from, to: this.from + this.length * MINUTE_MS })
    copy.good.set(this.good)
    copy.total.set(this.total)
    copy.measured.set(this.measured)
    copy.withEvents.set(this.withEvents)
    copy.summed.set(this.summed)
    for (const span of spans) {
      const [first, end] = this.#range(span)
      if (span.effect === 'exclude') {
        copy.good.fill(0, first, end)
        copy.total.fill(0, first, end)
        copy.withEvents.fill(0, first, end)
      } else copy.good.set(this.total.subarray(first, end), first)
    }
    return copy
  }

  /** What of the minutes of a stretch the spans correct. */
  keptOut(spans: readonly CorrectedSpan[], { from, to }: Span): GridCorrections {
    const kept = { excludedMinutes: 0, goodMinutes: 0, badEvents: 0 }
    for (const span of spans) {
      const [first, end] = this.#range({ from: Math.max(from, span.from), to: Math.min(to, span.to) })
      let minutes = 0
      for (let i = first; i < end; i++) {
        minutes += this.measured[i] as number
        kept.badEvents += (this.total[i] as number) - (this.good[i] as number)
      }
      if (span.effect === 'exclude') kept.excludedMinutes += minutes
      else kept.goodMinutes += minutes
    }
    return kept
  }

  /**
   * The minutes as an SLI counts them: themselves, or the slices of time that they make up. A slice stands in its last minute,
   * and counts when all of it lies on the grid before `endedBy`. Hours that are known by their sums must be all good then.
   */
  counted(sli: SliSpec, endedBy: number): MinuteGrid {
    if (!isTimeSlices(sli)) return this
    const slices = new MinuteGrid({ from: this.from, to: this.from + this.length * MINUTE_MS })
    const size = sli.sliceMinutes
    const firstMinute = this.from / MINUTE_MS
    const end = Math.min(this.length, Math.floor((endedBy - this.from) / MINUTE_MS))
    for (let start = (size - (firstMinute % size)) % size; start + size <= end; start += size) {
      let [good, total, isMeasured, hasEvents] = [0, 0, 0, 0]
      for (let i = start; i < start + size; i++) {
        isMeasured |= this.measured[i] as number
        hasEvents |= this.withEvents[i] as number
        good += this.good[i] as number
        total += this.total[i] as number
      }
      if (isMeasured === 0) continue
      const last = start + size - 1
      slices.measured[last] = 1
      const isSummed = this.summed[last] === 1
      if (isSummed ? hasEvents === 0 : total === 0) continue
      slices.withEvents[last] = 1
      const ratio = isSummed ? 1 : good / total
      slices.good[last] = sli.kind === 'ratio_time_slices' ? ratio : ratio >= sli.sliceTarget ? 1 : 0
      slices.total[last] = 1
    }
    return slices
  }

  /** Minutes of a stretch that were measured, and those with events. */
  coverage(span: Span): { measured: number; withEvents: number } {
    const [first, end] = this.#range(span)
    let [measured, withEvents] = [0, 0]
    for (let i = first; i < end; i++) {
      measured += this.measured[i] as number
      withEvents += this.withEvents[i] as number
    }
    return { measured, withEvents }
  }

  /** Events of the minutes that start in [from, to). */
  sumOf(span: Span): EventCounts {
    const [first, end] = this.#range(span)
    let [good, total] = [0, 0]
    for (let i = first; i < end; i++) {
      good += this.good[i] as number
      total += this.total[i] as number
    }
    return { good, total }
  }

  /** Sum over the minutes that start in first..last, both included. */
  sum(first: number, last: number): EventCounts {
    return this.sumOf({ from: first, to: last + MINUTE_MS })
  }

  /** The known minutes that start in [from, to) and are not all good, ascending: all that spend or burn. */
  *minutes(from = -Infinity, to = Infinity): Generator<[minute: number, counts: EventCounts]> {
    const [first, end] = this.#range({ from, to })
    const firstMinute = this.from / MINUTE_MS
    for (let i = first; i < end;) {
      if (this.summed[i] === 1) {
        // On to the next hour.
        i += 60 - ((firstMinute + i) % 60)
        continue
      }
      const [good, total] = [this.good[i] as number, this.total[i] as number]
      if (good !== total) yield [this.from + i * MINUTE_MS, { good, total }]
      i++
    }
  }

  /** Places of the minutes that start in [from, to). */
  #range({ from, to }: Span): [first: number, end: number] {
    const place = (at: number) => Math.min(this.length, Math.max(0, Math.ceil((at - this.from) / MINUTE_MS)))
    return [place(from), place(to)]
  }
}
