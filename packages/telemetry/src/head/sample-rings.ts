import type { Points } from '../evaluate/points.ts'
import { RingPool } from './ring-pool.ts'

/** A ring starts with room for 8 samples and doubles up to 2048, as long as it spans less than the horizon. */
const SMALLEST_LOG2 = 3
const GREATEST_LOG2 = 11

/** Words that describe the ring of one series in an array that its owner keeps, from some position on. */
export const RING_WORDS = 4
const [RING, PLACE, NEWEST, EVICTED] = [0, 1, 2, 3] as const

export interface SampleRingsOptions {
  /** A full ring that spans less than this grows instead of dropping its oldest sample, ms. */
  horizonMs: number
  /** No ring grows beyond this memory in all. */
  maxBytes: number
}

/**
 * The newest samples of many series, ascending and unique in time. Instants are Uint32: ms since a base that the owner
 * chose, never 0. Of two samples for one instant the one that ClickHouse sorts last is kept: the greater, no number last.
 */
export class SampleRings {
  readonly #pools = Array.from(
    { length: GREATEST_LOG2 - SMALLEST_LOG2 + 1 },
    (_, i) => new RingPool(2 ** (SMALLEST_LOG2 + i)),
  )
  readonly #horizonMs: number
  readonly #maxBytes: number

  constructor({ horizonMs, maxBytes }: SampleRingsOptions) {
    this.#horizonMs = horizonMs
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#pools.reduce((sum, pool) => sum + pool.bytes, 0)
  }

  /** An empty ring, described at `words[position…]`. */
  open(words: Uint32Array, position: number): void {
    words[position + RING] = this.#pools[0]!.take()
    words[position + PLACE] = 0
    words[position + NEWEST] = 0
    words[position + EVICTED] = 0
  }

  close(words: Uint32Array, position: number): void {
    const ring = words[position + RING]!
    this.#pools[ring >>> 28]!.release(ring & 0xfff_ffff)
  }

  /** Instant of the newest sample, 0 when there is none. */
  newest(words: Uint32Array, position: number): number {
    return words[position + NEWEST]!
  }

  append(words: Uint32Array, position: number, at: number, value: number): void {
    const ring = words[position + RING]!
    const pool = this.#pools[ring >>> 28]!
    const number = ring & 0xfff_ffff
    const place = words[position + PLACE]!
    const count = place & 0xffff
    const newest = words[position + NEWEST]!
    if (at <= newest) {
      this.#insertLate(words, position, at, value)
      return
    }
    const capacity = pool.capacity
    const first = place >>> 16
    if (count === capacity) {
      if (this.#grow(words, position, at)) return this.append(words, position, at, value)
      const offset = pool.offset(number)
      const ats = pool.ats(number)
      words[position + EVICTED] = ats[offset + first]!
      ats[offset + first] = at
      pool.values(number)[offset + first] = value
      words[position + PLACE] = (((first + 1) & (capacity - 1)) << 16) | count
    } else {
      const slot = pool.offset(number) + ((first + count) & (capacity - 1))
      pool.ats(number)[slot] = at
      pool.values(number)[slot] = value
      words[position + PLACE] = (first << 16) | (count + 1)
    }
    words[position + NEWEST] = at
  }

  /**
   * Copies the samples out, oldest first, as epoch ms. Numbers only, when asked. Answers the instant of the newest sample
   * that the ring has let go, 0 when it has all.
   */
  read(words: Uint32Array, position: number, base: number, numbersOnly: boolean, out: Points): number {
    const ring = words[position + RING]!
    const pool = this.#pools[ring >>> 28]!
    const number = ring & 0xfff_ffff
    const place = words[position + PLACE]!
    const [first, count] = [place >>> 16, place & 0xffff]
    const [ats, values, offset, mask] = [pool.ats(number), pool.values(number), pool.offset(number), pool.capacity - 1]
    if (out.at.length < count) {
      out.at = new Float64Array(pool.capacity)
      out.value = new Float64Array(pool.capacity)
    }
    let length = 0
    for (let i = 0; i < count; i++) {
      const slot = offset + ((first + i) & mask)
      const value = values[slot]!
      if (numbersOnly && value !== value) continue
      out.at[length] = base + ats[slot]!
      out.value[length++] = value
    }
    out.length = length
    return words[position + EVICTED]!
  }

  /** A sample that is not the newest: into its place, over one of the same instant, or nowhere when it is too old. */
  #insertLate(words: Uint32Array, position: number, at: number, value: number): void {
    const ring = words[position + RING]!
    const pool = this.#pools[ring >>> 28]!
    const number = ring & 0xfff_ffff
    const place = words[position + PLACE]!
    const [first, count] = [place >>> 16, place & 0xffff]
    const [ats, values, offset, mask] = [pool.ats(number), pool.values(number), pool.offset(number), pool.capacity - 1]
    const slotOf = (i: number) => offset + ((first + i) & mask)
    let before = count
    while (before > 0 && ats[slotOf(before - 1)]! > at) before--
    const [found] = before > 0 ? [ats[slotOf(before - 1)]] : []
    if (found === at) {
      const slot = slotOf(before - 1)
      if (Number.isNaN(value) || value > values[slot]!) values[slot] = value
      return
    }
    if (at <= words[position + EVICTED]!) return
    if (count === pool.capacity) {
      if (this.#grow(words, position, words[position + NEWEST]!)) return this.#insertLate(words, position, at, value)
      if (before === 0) {
        words[position + EVICTED] = at
        return
      }
      words[position + EVICTED] = ats[slotOf(0)]!
      for (let i = 0; i < before - 1; i++) {
        ats[slotOf(i)] = ats[slotOf(i + 1)]!
        values[slotOf(i)] = values[slotOf(i + 1)]!
      }
      ats[slotOf(before - 1)] = at
      values[slotOf(before - 1)] = value
      return
    }
    for (let i = count; i > before; i--) {
      ats[slotOf(i)] = ats[slotOf(i - 1)]!
      values[slotOf(i)] = values[slotOf(i - 1)]!
    }
    ats[slotOf(before)] = at
    values[slotOf(before)] = value
    words[position + PLACE] = (first << 16) | (count + 1)
  }

  /** Moves a full ring to twice its room when it spans too little; false when it may or need not grow. */
  #grow(words: Uint32Array, position: number, newest: number): boolean {
    const ring = words[position + RING]!
    const size = ring >>> 28
    const number = ring & 0xfff_ffff
    const pool = this.#pools[size]!
    const next = this.#pools[size + 1]
    const [ats, values, offset] = [pool.ats(number), pool.values(number), pool.offset(number)]
    const first = words[position + PLACE]! >>> 16
    if (!next || newest - ats[offset + first]! >= this.#horizonMs) return false
    if (this.bytes + next.nextBytes > this.#maxBytes) return false
    const moved = next.take()
    const [toAts, toValues, to] = [next.ats(moved), next.values(moved), next.offset(moved)]
    for (let i = 0; i < pool.capacity; i++) {
      const slot = offset + ((first + i) & (pool.capacity - 1))
      toAts[to + i] = ats[slot]!
      toValues[to + i] = values[slot]!
    }
    pool.release(number)
    words[position + RING] = ((size + 1) << 28) | moved
    words[position + PLACE] = pool.capacity
    return true
  }
}
