import type { EventCounts } from './minute.ts'

const MINUTES = 1440
const HOURS = 24
type Column = Uint16Array | Uint32Array | Float64Array

/**
 * The minutes of one UTC day with their sums by hour and for the day. Columns start narrow and widen on the first value
 * that does not fit, so that a day of small counts takes 7 KB instead of 24. Minutes are numbered 0 to 1439.
 */
export class DayOfMinutes {
  #good: Column = new Uint16Array(MINUTES)
  #total: Column = new Uint16Array(MINUTES)
  readonly #measured = new Uint8Array(MINUTES)
  readonly #hourGood = new Float64Array(HOURS)
  readonly #hourTotal = new Float64Array(HOURS)
  /** Bit h is set while the sums of hour h are out of date. */
  #staleHours = 0
  #day: EventCounts | null = null
  /** Minutes whose total is not 0. */
  #eventful = 0

  set(index: number, good: number, total: number): void {
    this.#eventful += Number(total !== 0) - Number(this.total(index) !== 0)
    this.#good = store(this.#good, index, good)
    this.#total = store(this.#total, index, total)
    this.#measured[index] = 1
    this.#touch(index)
  }

  clear(index: number): void {
    this.set(index, 0, 0)
    this.#measured[index] = 0
  }

  good(index: number): number {
    return this.#good[index] ?? 0
  }

  total(index: number): number {
    return this.#total[index] ?? 0
  }

  isMeasured(index: number): boolean {
    return this.#measured[index] === 1
  }

  firstMeasured(): number {
    return this.#measured.indexOf(1)
  }

  /** True when no minute holds an event: cheap, where looking at every minute is not. */
  isWithoutEvents(): boolean {
    return this.#eventful === 0
  }

  /** Newest minute not after `last` that was measured, and with events when `withEvents`; -1 without one. */
  newest(last: number, withEvents: boolean): number {
    for (let i = last; i >= 0; i--) if (this.#measured[i] === 1 && (!withEvents || this.total(i) > 0)) return i
    return -1
  }

  /** Adds minutes first..last, both included, to `into`. */
  addTo(into: EventCounts, first: number, last: number): void {
    if (first === 0 && last === MINUTES - 1) {
      const day = this.#wholeDay()
      into.good += day.good
      into.total += day.total
      return
    }
    for (let i = first; i <= last;) {
      const hour = Math.floor(i / 60)
      if (i % 60 === 0 && i + 59 <= last) {
        this.#refresh(hour)
        into.good += this.#hourGood[hour] ?? 0
        into.total += this.#hourTotal[hour] ?? 0
        i += 60
      } else {
        into.good += this.good(i)
        into.total += this.total(i)
        i++
      }
    }
  }

  #wholeDay(): EventCounts {
    if (this.#day) return this.#day
    const day = { good: 0, total: 0 }
    for (let hour = 0; hour < HOURS; hour++) {
      this.#refresh(hour)
      day.good += this.#hourGood[hour] ?? 0
      day.total += this.#hourTotal[hour] ?? 0
    }
    return (this.#day = day)
  }

  #touch(index: number): void {
    this.#staleHours |= 1 << Math.floor(index / 60)
    this.#day = null
  }

  /** Sums are made anew from their minutes, never corrected by a difference: corrections would drift. */
  #refresh(hour: number): void {
    const bit = 1 << hour
    if ((this.#staleHours & bit) === 0) return
    let good = 0
    let total = 0
    for (let i = hour * 60; i < hour * 60 + 60; i++) {
      good += this.good(i)
      total += this.total(i)
    }
    this.#hourGood[hour] = good
    this.#hourTotal[hour] = total
    this.#staleHours &= ~bit
  }
}

/** Writes the value and returns the column, a wider copy where it would not have read back the same. */
function store(column: Column, index: number, value: number): Column {
  column[index] = value
  if (column[index] === value || column instanceof Float64Array) return column
  const wider = column instanceof Uint16Array ? new Uint32Array(MINUTES) : new Float64Array(MINUTES)
  column[index] = 0
  wider.set(column)
  return store(wider, index, value)
}
