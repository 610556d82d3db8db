import { countMinutes, hasMinute } from './hour-columns.ts'

/** A set of minutes of some hours, as bits: the first thirty of each hour in one word from its lowest bit on, the others in a second one. */
export class MinuteSet {
  readonly #low: Uint32Array
  readonly #high: Uint32Array

  constructor(hours: number) {
    this.#low = new Uint32Array(hours)
    this.#high = new Uint32Array(hours)
  }

  /** `minute` from 0 to 59. */
  has(hour: number, minute: number): boolean {
    return hasMinute(this.#low[hour] as number, this.#high[hour] as number, minute)
  }

  add(hour: number, minute: number): void {
    if (minute < 30) this.#low[hour]! |= 1 << minute
    else this.#high[hour]! |= 1 << (minute - 30)
  }

  /** Makes these words the minutes of the hour. */
  put(hour: number, low: number, high: number): void {
    this.#low[hour] = low
    this.#high[hour] = high
  }

  /** Takes the minutes [from, to) out of the hour. */
  remove(hour: number, from: number, to: number): void {
    this.#low[hour]! &= ~lowBits(from, to)
    this.#high[hour]! &= ~highBits(from, to)
  }

  /** How many of the minutes [from, to) of the hour are in it. */
  count(hour: number, from: number, to: number): number {
    const [low, high] = [this.#low[hour] as number, this.#high[hour] as number]
    if (from === 0 && to === 60) return countMinutes(low, high)
    return countMinutes(low & lowBits(from, to), high & highBits(from, to))
  }

  /** Makes it hold what another one of as many hours does. */
  setTo(other: MinuteSet): void {
    this.#low.set(other.#low)
    this.#high.set(other.#high)
  }
}

function lowBits(from: number, to: number): number {
  return bitsBetween(Math.min(from, 30), Math.min(to, 30))
}

function highBits(from: number, to: number): number {
  return bitsBetween(Math.max(from - 30, 0), Math.max(to - 30, 0))
}

/** Ones at the places [from, to), of which there are thirty. */
function bitsBetween(from: number, to: number): number {
  return from < to ? (1 << to) - (1 << from) : 0
}
