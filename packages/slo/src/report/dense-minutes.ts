import type { CorrectedSpan } from '@nines/contracts'
import type { Scale } from '../composite/spread-terms.ts'
import { MinuteSeries } from '../minute-series.ts'
import { HOUR_MS, MINUTE_MS, minuteOf, type EventCounts } from '../minute.ts'
import type { Span } from '../window-span.ts'
import type { SliceColumns } from './minute-grid.ts'

/**
 * A series of one stretch of time in typed arrays: for minutes most of which are measured, and which a report looks at a few times and
 * forgets, where MinuteSeries keeps sums of what is asked for again and again. What is written outside of the stretch is lost.
 */
export class DenseMinutes extends MinuteSeries {
  readonly from: number
  readonly length: number
  readonly good: Float64Array
  readonly total: Float64Array
  /** 1 where the minute was measured. */
  readonly measured: Uint8Array

  /** The minutes that start in [from, to). */
  constructor({ from, to }: Span) {
    super()
    this.from = minuteOf(from)
    this.length = Math.max(0, Math.ceil((to - this.from) / MINUTE_MS))
    this.good = new Float64Array(this.length)
    this.total = new Float64Array(this.length)
    this.measured = new Uint8Array(this.length)
  }

  /** Stored slices; of several revisions of a minute the newest counts. */
  static of({ minute, good, total, revision }: SliceColumns, span: Span): DenseMinutes {
    const minutes = new DenseMinutes(span)
    const { length, measured, good: goodOf, total: totalOf } = minutes
    const newest = new Float64Array(length)
    const first = minutes.from / MINUTE_MS
    for (let row = 0; row < minute.length; row++) {
      const index = (minute[row] as number) - first
      if (index < 0 || index >= length) continue
      const known = revision[row] as number
      if (measured[index] === 1 && known < (newest[index] as number)) continue
      newest[index] = known
      measured[index] = 1
      goodOf[index] = good[row] as number
      totalOf[index] = total[row] as number
    }
    return minutes
  }

  /** The minutes that were measured in some hours (since 1970), as slices of one revision. */
  columnsOf(hours: Iterable<number>): SliceColumns {
    const columns = { minute: [] as number[], good: [] as number[], total: [] as number[], revision: [] as number[] }
    for (const hour of hours)
      for (const [minute, { good, total }] of this.minutes(hour * HOUR_MS, (hour + 1) * HOUR_MS)) {
        columns.minute.push(minute / MINUTE_MS)
        columns.good.push(good)
        columns.total.push(total)
        columns.revision.push(0)
      }
    return columns
  }

  /** The hours (since 1970) that hold minutes of the stretch. */
  *hours(): Generator<number> {
    const { from, to } = this.span
    for (let hour = Math.floor(from / HOUR_MS); hour * HOUR_MS < to; hour++) yield hour
  }

  get span(): Span {
    return { from: this.from, to: this.from + this.length * MINUTE_MS }
  }

  /** Whether the minute at a place had events. */
  hasEvents(index: number): boolean {
    return (this.total[index] as number) > 0
  }

  /** A copy as corrections make it; itself where there are none. `spans` as correctedSpans gives them. */
  corrected(spans: readonly CorrectedSpan[]): DenseMinutes {
    if (spans.length === 0) return this
    const copy = new DenseMinutes(this.span)
    copy.good.set(this.good)
    copy.total.set(this.total)
    copy.measured.set(this.measured)
    for (const span of spans) {
      const [begin, end] = this.#places({ from: minuteOf(span.from), to: span.to })
      if (span.effect === 'good') copy.good.set(copy.total.subarray(begin, end), begin)
      else {
        copy.good.fill(0, begin, end)
        copy.total.fill(0, begin, end)
      }
    }
    return copy
  }

  /** Adds the minutes of another one that lie in this stretch, with so many bad events for each of theirs, and so many in all. */
  addScaled(other: DenseMinutes, { bad, all }: Scale): void {
    const shift = (this.from - other.from) / MINUTE_MS
    const end = Math.min(this.length, other.length - shift)
    const { good, total, measured } = this
    const { good: theirGood, total: theirTotal, measured: theirMeasured } = other
    for (let index = Math.max(0, -shift); index < end; index++) {
      if (theirMeasured[index + shift] === 0) continue
      const events = theirTotal[index + shift] as number
      const scaled = events * all
      good[index]! += scaled - (events - (theirGood[index + shift] as number)) * bad
      total[index]! += scaled
      measured[index] = 1
    }
  }

  /** Adds one bad event to each minute with the mark; the first of the marks is that of the minute `from`. */
  addMarked(marks: Uint8Array, mark: number, from: number, { bad, all }: Scale): void {
    const shift = (this.from - from) / MINUTE_MS
    const end = Math.min(this.length, marks.length - shift)
    for (let index = Math.max(0, -shift); index < end; index++) {
      if (marks[index + shift] !== mark) continue
      this.good[index]! += all - bad
      this.total[index]! += all
      this.measured[index] = 1
    }
  }

  /** What of it is not all good: all that spends or burns. */
  uneven(): Pick<MinuteSeries, 'minutes' | 'sum'> {
    return { minutes: (from, to) => this.#uneven({ from, to }), sum: (first, last) => this.sum(first, last) }
  }

  override set(minute: number, { good, total }: EventCounts): void {
    this.#put(this.#indexOf(minute), good, total)
  }

  override add(minute: number, good: number, total: number): void {
    const index = this.#indexOf(minute)
    this.#put(index, (this.good[index] ?? 0) + good, (this.total[index] ?? 0) + total)
  }

  override clear(minute: number): void {
    const index = this.#indexOf(minute)
    this.#put(index, 0, 0)
    this.measured[index] = 0
  }

  override get(minute: number): EventCounts | null {
    const index = this.#indexOf(minute)
    return this.measured[index] === 1 ? this.#countsAt(index) : null
  }

  override sum(first: number, last: number): EventCounts {
    const [begin, end] = this.#places({ from: first, to: last + MINUTE_MS })
    const { good: goodOf, total: totalOf } = this
    let [good, total] = [0, 0]
    for (let index = begin; index < end; index++) {
      good += goodOf[index] as number
      total += totalOf[index] as number
    }
    return { good, total }
  }

  override firstMinute(): number | null {
    return this.#minuteAt(this.measured.indexOf(1))
  }

  override newestMinute(now: number, withEvents: boolean): number | null {
    let index = Math.min(this.length - 1, Math.floor((now - this.from) / MINUTE_MS))
    const wanted: ArrayLike<number> = withEvents ? this.total : this.measured
    while (index >= 0 && wanted[index] === 0) index--
    return this.#minuteAt(index)
  }

  override *minutes(from = -Infinity, to = Infinity): Generator<[minute: number, counts: EventCounts]> {
    const [begin, end] = this.#places({ from, to })
    for (let index = begin; index < end; index++)
      if (this.measured[index] === 1) yield [this.from + index * MINUTE_MS, this.#countsAt(index)]
  }

  *#uneven({ from = -Infinity, to = Infinity }: Partial<Span>): Generator<[minute: number, counts: EventCounts]> {
    const [begin, end] = this.#places({ from, to })
    for (let index = begin; index < end; index++)
      if (this.good[index] !== this.total[index]) yield [this.from + index * MINUTE_MS, this.#countsAt(index)]
  }

  #put(index: number, good: number, total: number): void {
    this.good[index] = good
    this.total[index] = total
    this.measured[index] = 1
  }

  #countsAt(index: number): EventCounts {
    return { good: this.good[index] as number, total: this.total[index] as number }
  }

  #indexOf(minute: number): number {
    return (minute - this.from) / MINUTE_MS
  }

  #minuteAt(index: number): number | null {
    return index < 0 ? null : this.from + index * MINUTE_MS
  }

  /** Places of the minutes that start in [from, to). */
  #places({ from, to }: Span): [begin: number, end: number] {
    const place = (at: number) => Math.min(this.length, Math.max(0, Math.ceil((at - this.from) / MINUTE_MS)))
    return [place(from), place(to)]
  }
}
