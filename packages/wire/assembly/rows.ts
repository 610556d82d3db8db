// What a decoding call gives: columns of rows and a list of misses, in regions that the host has set out.

import { find, seriesOf } from './key-table'

/** A walker's results. */
export const DONE: i32 = 0
/** Malformed, or of a shape that the fast path leaves alone: TypeScript reads the whole body. */
export const LEFT: i32 = 1

/** Kinds of misses; `src/fast/miss.ts` describes them. */
export const MISS_SERIES: u32 = 1
export const MISS_PLAIN: u32 = 2
export const MISS_METRIC: u32 = 3
export const MISS_EXTRAS: u32 = 4
export const MISS_METADATA: u32 = 5

/** Bytes of a miss: 13 words. */
const MISS: usize = 52

export class Rows {
  static series: usize = 0
  static at: usize = 0
  static start: usize = 0
  static value: usize = 0
  static count: u32 = 0
  static capacity: u32 = 0
  static misses: usize = 0
  static missCount: u32 = 0
  static missCapacity: u32 = 0
  static oldest: i64 = 0
  static newest: i64 = 0
  /** All starts of the kept rows or-ed together. */
  static starts: i64 = 0
  /** Only rows from here to there are taken, epoch ms. */
  static minAt: i64 = 0
  static maxAt: i64 = 0
  /** The body. */
  static body: usize = 0
  static bodyEnd: usize = 0
}

/** The enclosing messages of what is being read, for misses: content from and to. */
export class Place {
  static resourceStart: usize = 0
  static resourceEnd: usize = 0
  static scopeStart: usize = 0
  static scopeEnd: usize = 0
  static metricStart: usize = 0
  static metricEnd: usize = 0
}

/** Sets out the regions of one call. Each column has `capacity` values of 8 bytes; the four stand one after the other. */
export function openRows(columns: usize, capacity: u32, misses: usize, missCapacity: u32, minAt: f64, maxAt: f64): void {
  const column = <usize>capacity << 3
  Rows.series = columns
  Rows.at = columns + column
  Rows.start = columns + column * 2
  Rows.value = columns + column * 3
  Rows.count = 0
  Rows.capacity = capacity
  Rows.misses = misses
  Rows.missCount = 0
  Rows.missCapacity = missCapacity
  Rows.oldest = i64.MAX_VALUE
  Rows.newest = i64.MIN_VALUE
  Rows.starts = 0
  Rows.minAt = <i64>minAt
  Rows.maxAt = <i64>maxAt
}

export function openBody(body: usize, length: u32): void {
  Rows.body = body
  Rows.bodyEnd = body + length
  Place.resourceStart = body
  Place.resourceEnd = body
  Place.scopeStart = body
  Place.scopeEnd = body
  Place.metricStart = body
  Place.metricEnd = body
}

export function rowCount(): u32 {
  return Rows.count
}

export function missCount(): u32 {
  return Rows.missCount
}

export function oldestAt(): f64 {
  return <f64>Rows.oldest
}

export function newestAt(): f64 {
  return <f64>Rows.newest
}

export function hasStarts(): bool {
  return Rows.starts != 0
}

/**
 * Gives the rows from `first` to `count`, whose times and values are in the columns, to the series of a key, or takes
 * them back. False when the series is not known or one of the rows is outside the window. Rows without a start have
 * `created` (epoch ms, 0 for none); a start behind its row or before 1970 says nothing and becomes 0. `length` is that of
 * the labels or attributes, 0 when it is of no use.
 */
export function keepRows(first: u32, count: u32, created: i64, low: u64, high: u64, length: u32): bool {
  const entry = find(low, high, length)
  if (entry == 0) return false
  const series = seriesOf(entry)
  let oldest = Rows.oldest
  let newest = Rows.newest
  let starts: i64 = 0
  for (let i = first; i < count; i++) {
    const offset = <usize>i << 3
    const at = load<i64>(Rows.at + offset)
    if (at < Rows.minAt || at > Rows.maxAt) return false
    oldest = min(oldest, at)
    newest = max(newest, at)
    const own = load<i64>(Rows.start + offset)
    let start = own == 0 ? created : own
    if (start < 0 || start > at) start = 0
    if (start != own) store<i64>(Rows.start + offset, start)
    starts |= start
    store<u64>(Rows.series + offset, series)
  }
  Rows.oldest = oldest
  Rows.newest = newest
  Rows.starts |= starts
  Rows.count = count
  return true
}

/** Notes a miss; false when there is no room for more. */
export function miss(kind: u32, start: usize, end: usize, low: u64, high: u64): bool {
  if (Rows.missCount == Rows.missCapacity) return false
  const at = Rows.misses + <usize>Rows.missCount * MISS
  const body = Rows.body
  Rows.missCount += 1
  store<u32>(at, kind)
  store<u32>(at, <u32>(Place.resourceStart - body), 4)
  store<u32>(at, <u32>(Place.resourceEnd - body), 8)
  store<u32>(at, <u32>(Place.scopeStart - body), 12)
  store<u32>(at, <u32>(Place.scopeEnd - body), 16)
  store<u32>(at, <u32>(Place.metricStart - body), 20)
  store<u32>(at, <u32>(Place.metricEnd - body), 24)
  store<u32>(at, <u32>(start - body), 28)
  store<u32>(at, <u32>(end - body), 32)
  store<u64>(at, low, 36)
  store<u64>(at, high, 44)
  return true
}
