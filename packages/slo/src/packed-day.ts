import { DayOfMinutes } from './day-of-minutes.ts'
import type { EventCounts } from './minute.ts'
import { HOURS_OF_DAY, MINUTES_OF_DAY, MinutesOfDay } from './minutes-of-day.ts'

/** What one column of numbers is packed by: its least value, and the bits that the greatest difference to it takes. */
interface Packing {
  least: number
  bits: number
}

/** Counts by minute of a day, whole numbers of 32 bits; 0 where nothing was measured. */
export interface DayColumns {
  good: ArrayLike<number>
  total: ArrayLike<number>
  /** 1 where measured. */
  measured: ArrayLike<number>
}

const SUM_BYTES = 8
const WORD_BITS = 32
/** A last word that may be read beyond the last bit. */
const SPARE_BYTES = 4

/**
 * The minutes of a day that is over: total and bad events as differences to their least value, in as many bits as the day
 * needs, in one piece of memory. A service with a thousand requests a minute takes 2 KB a day, one without traffic 0.4.
 * Every minute is read where it lies; nothing is unpacked for a sum.
 */
export class PackedDay extends MinutesOfDay {
  readonly #view: DataView
  readonly #total: Packing
  readonly #bad: Packing
  /** Where the minutes begin, and the bits of one: its total, and behind it its bad events. */
  readonly #dataByte: number
  readonly #minuteBits: number
  /** Where a bit a minute tells which are measured; -1 when all are. */
  readonly #measuredByte: number
  readonly #isWithoutEvents: boolean

  /** A packed copy, or null where the counts of the day do not pack: fractions, and what takes more than 32 bits. */
  static of(day: DayOfMinutes): PackedDay | null {
    return day.isOfSmallIntegers ? PackedDay.ofColumns(day.columns) : null
  }

  /** The same of counts that are known to be whole numbers of 32 bits. */
  static ofColumns(day: DayColumns): PackedDay | null {
    const [total, bad] = packingsOf(day)
    return total.bits <= WORD_BITS && bad.bits <= WORD_BITS ? new PackedDay(day, total, bad) : null
  }

  /** The same of minutes from `first` on, one behind the other; one whose total is NaN was not measured. */
  static ofMinutes(first: number, good: Float64Array, total: Float64Array): PackedDay | null {
    const [goods, totals] = [new Uint32Array(MINUTES_OF_DAY), new Uint32Array(MINUTES_OF_DAY)]
    const measured = new Uint8Array(MINUTES_OF_DAY)
    for (let i = 0; i < total.length; i++) {
      if (Number.isNaN(total[i])) continue
      const place = first + i
      goods[place] = good[i]!
      totals[place] = total[i]!
      // What is written reads back the same, or it is no whole number of 32 bits.
      if (goods[place] !== good[i] || totals[place] !== total[i]) return null
      measured[place] = 1
    }
    return PackedDay.ofColumns({ good: goods, total: totals, measured })
  }

  private constructor(day: DayColumns, total: Packing, bad: Packing) {
    super()
    this.#total = total
    this.#bad = bad
    this.#minuteBits = total.bits + bad.bits
    // With a minute that holds events its total has a bit, or a least value above 0.
    this.#isWithoutEvents = total.bits === 0 && total.least === 0
    const isWhole = isMeasuredThroughout(day)
    const sumBytes = 2 * HOURS_OF_DAY * SUM_BYTES
    const measuredBytes = isWhole ? 0 : wordBytes(MINUTES_OF_DAY)
    this.#measuredByte = isWhole ? -1 : sumBytes
    this.#dataByte = sumBytes + measuredBytes
    const bytes = this.#dataByte + wordBytes(MINUTES_OF_DAY * this.#minuteBits) + SPARE_BYTES
    this.#view = new DataView(new ArrayBuffer(bytes))
    this.#writeSums(day)
    this.#writeMinutes(day)
  }

  /** The same as one that can be written. */
  open(): DayOfMinutes {
    const day = new DayOfMinutes()
    for (let i = 0; i < MINUTES_OF_DAY; i++) if (this.isMeasured(i)) day.set(i, this.good(i), this.total(i))
    return day
  }

  good(index: number): number {
    const bad = this.#read(index * this.#minuteBits + this.#total.bits, this.#bad.bits) + this.#bad.least
    return this.total(index) - bad
  }

  total(index: number): number {
    return this.#read(index * this.#minuteBits, this.#total.bits) + this.#total.least
  }

  isMeasured(index: number): boolean {
    if (this.#measuredByte < 0) return true
    return (this.#view.getUint8(this.#measuredByte + (index >> 3)) & (1 << (index & 7))) !== 0
  }

  isWithoutEvents(): boolean {
    return this.#isWithoutEvents
  }

  protected addHour(into: EventCounts, hour: number): void {
    into.good += this.#view.getFloat64(2 * hour * SUM_BYTES, true)
    into.total += this.#view.getFloat64((2 * hour + 1) * SUM_BYTES, true)
  }

  protected addDay(into: EventCounts): void {
    for (let hour = 0; hour < HOURS_OF_DAY; hour++) this.addHour(into, hour)
  }

  #writeSums({ good, total }: DayColumns): void {
    for (let hour = 0; hour < HOURS_OF_DAY; hour++) {
      let [sumGood, sumTotal] = [0, 0]
      for (let i = hour * 60; i < hour * 60 + 60; i++) {
        sumGood += good[i]!
        sumTotal += total[i]!
      }
      this.#view.setFloat64(2 * hour * SUM_BYTES, sumGood, true)
      this.#view.setFloat64((2 * hour + 1) * SUM_BYTES, sumTotal, true)
    }
  }

  #writeMinutes({ good, total, measured }: DayColumns): void {
    for (let i = 0; i < MINUTES_OF_DAY; i++) {
      this.#writeBits(i * this.#minuteBits, this.#total.bits, total[i]! - this.#total.least)
      const bad = total[i]! - good[i]!
      this.#writeBits(i * this.#minuteBits + this.#total.bits, this.#bad.bits, bad - this.#bad.least)
      if (this.#measuredByte < 0 || measured[i] !== 1) continue
      const byte = this.#measuredByte + (i >> 3)
      this.#view.setUint8(byte, this.#view.getUint8(byte) | (1 << (i & 7)))
    }
  }

  /** Numbers lie across words of 32 bits, the lowest bit first. */
  #read(at: number, bits: number): number {
    if (bits === 0) return 0
    const byte = this.#dataByte + (at >>> 5) * 4
    const shift = at & 31
    let value = this.#view.getUint32(byte, true) >>> shift
    if (shift + bits > WORD_BITS) value |= this.#view.getUint32(byte + 4, true) << (WORD_BITS - shift)
    return bits === WORD_BITS ? value >>> 0 : value & ((1 << bits) - 1)
  }

  #writeBits(at: number, bits: number, value: number): void {
    if (bits === 0) return
    const byte = this.#dataByte + (at >>> 5) * 4
    const shift = at & 31
    this.#view.setUint32(byte, this.#view.getUint32(byte, true) | (value << shift), true)
    if (shift + bits > WORD_BITS) this.#view.setUint32(byte + 4, value >>> (WORD_BITS - shift), true)
  }
}

function packingsOf(day: DayColumns): [total: Packing, bad: Packing] {
  let [leastTotal, mostTotal, leastBad, mostBad] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let i = 0; i < MINUTES_OF_DAY; i++) {
    const total = day.total[i]!
    const bad = total - day.good[i]!
    if (total < leastTotal) leastTotal = total
    if (total > mostTotal) mostTotal = total
    if (bad < leastBad) leastBad = bad
    if (bad > mostBad) mostBad = bad
  }
  return [packing(leastTotal, mostTotal), packing(leastBad, mostBad)]
}

function packing(least: number, most: number): Packing {
  return { least, bits: most === least ? 0 : Math.floor(Math.log2(most - least)) + 1 }
}

function isMeasuredThroughout({ measured }: DayColumns): boolean {
  for (let i = 0; i < MINUTES_OF_DAY; i++) if (measured[i] !== 1) return false
  return true
}

/** Bytes of the words that hold so many bits. */
function wordBytes(bits: number): number {
  return 4 * Math.ceil(bits / WORD_BITS)
}
