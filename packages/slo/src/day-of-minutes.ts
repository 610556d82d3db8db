import type { EventCounts } from './minute.ts'
import { HOURS_OF_DAY, MINUTES_OF_DAY, MinutesOfDay } from './minutes-of-day.ts'

type Column = Uint16Array | Uint32Array | Float64Array

/**
 * The minutes of a day that is being written. Columns start narrow and widen on the first value that does not fit, so that
 * a day of small counts takes 7 KB instead of 24.
 */
export class DayOfMinutes extends MinutesOfDay {
  #good: Column = new Uint16Array(MINUTES_OF_DAY)
  #total: Column = new Uint16Array(MINUTES_OF_DAY)
  readonly #measured = new Uint8Array(MINUTES_OF_DAY)
  readonly #hourGood = new Float64Array(HOURS_OF_DAY)
  readonly #hourTotal = new Float64Array(HOURS_OF_DAY)
  /** Bit h is set while the sums of hour h are out of date. */
  #staleHours = 0
  #day: EventCounts | null = null
  /** Minutes whose total is not 0. */
  #eventful = 0

  /** False where a count is a fraction or beyond 32 bits. */
  get isOfSmallIntegers(): boolean {
    return !(this.#good instanceof Float64Array) && !(this.#total instanceof Float64Array)
  }

  /** What it holds; not to be kept, for columns are replaced by wider ones. */
  get columns(): { good: ArrayLike<number>; total: ArrayLike<number>; measured: ArrayLike<number> } {
    return { good: this.#good, total: this.#total, measured: this.#measured }
  }

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

  override firstMeasured(): number {
    return this.#measured.indexOf(1)
  }

  isWithoutEvents(): boolean {
    return this.#eventful === 0
  }

  protected addHour(into: EventCounts, hour: number): void {
    this.#refresh(hour)
    into.good += this.#hourGood[hour] ?? 0
    into.total += this.#hourTotal[hour] ?? 0
  }

  protected addDay(into: EventCounts): void {
    if (!this.#day) {
      const day = { good: 0, total: 0 }
      for (let hour = 0; hour < HOURS_OF_DAY; hour++) this.addHour(day, hour)
      this.#day = day
    }
    into.good += this.#day.good
    into.total += this.#day.total
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
  const wider = column instanceof Uint16Array ? new Uint32Array(MINUTES_OF_DAY) : new Float64Array(MINUTES_OF_DAY)
  column[index] = 0
  wider.set(column)
  return store(wider, index, value)
}
