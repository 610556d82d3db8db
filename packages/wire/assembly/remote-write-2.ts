// io.prometheus.write.v2.Request (prompb/io/prometheus/write/v2/types.proto): symbols = 4, timeseries = 5.

import { exceeds, long, skipField, varint, Cursor, UNREADABLE } from './cursor'
import { absorb, absorbHash, halves, products, secretsOf, state } from './keyed-hash'
import { readSample } from './sample'
import { DONE, keepRows, LEFT, miss, MISS_EXTRAS, MISS_PLAIN, MISS_SERIES, Rows } from './rows'

/** Pairs of symbols, such as a label, in one chunk of a key: each is hashed as the 32 bytes of its digests. */
const CHUNK_PAIRS: u32 = 32
/** Tells keys of label sets from digests of symbols. */
const KEY_TAG: u64 = 1

/** Of the series being read. */
class Metadata {
  static type: u32 = 0
  static help: u32 = 0
  static unit: u32 = 0
}

class Symbols {
  /** A digest of 16 bytes for each symbol. */
  static digests: usize = 0
  static count: u32 = 0
  static capacity: u32 = 0
}

export function openSymbols(digests: usize, capacity: u32): void {
  Symbols.digests = digests
  Symbols.capacity = capacity
  Symbols.count = 0
}

/** Reads the body; `low` and `high` are secret words that stand for the workspace. Returns DONE or LEFT. */
export function remoteWrite2(low: u64, high: u64): i32 {
  const end = Rows.bodyEnd
  const workspace = state(low, high)
  if (!readSymbols(Rows.body, end)) return LEFT
  let p = Rows.body
  while (p < end) {
    const tag = load<u8>(p)
    if (tag != 0x2a && tag != 0x22) {
      p = skipField(p, end, 5)
      if (p == 0) return LEFT
      continue
    }
    let length = <u32>load<u8>(p, 1)
    p += 2
    if (length >= 0x80) {
      length = long(p - 1, end)
      p = Cursor.next
    }
    if (exceeds(p, end, length)) return LEFT
    if (tag == 0x2a && !readSeries(p, p + length, workspace)) return LEFT
    p += length
  }
  return DONE
}

/** Digests all symbols, wherever they stand. False when something cannot be read or the first symbol is not empty. */
function readSymbols(p: usize, end: usize): bool {
  const zero = i64x2.splat(0)
  while (p < end) {
    const tag = load<u8>(p)
    if (tag != 0x22 && tag != 0x2a) {
      p = skipField(p, end, 5)
      if (p == 0) return false
      continue
    }
    let length = <u32>load<u8>(p, 1)
    p += 2
    if (length >= 0x80) {
      length = long(p - 1, end)
      p = Cursor.next
    }
    if (exceeds(p, end, length)) return false
    if (tag == 0x22) {
      const count = Symbols.count
      if (count == Symbols.capacity || (count == 0 && length > 0)) return false
      v128.store(Symbols.digests + (<usize>count << 4), absorb(zero, p, length, 0))
      Symbols.count = count + 1
    }
    p += length
  }
  return true
}

/**
 * TimeSeries: labels_refs = 1, samples = 2, histograms = 3, exemplars = 4, metadata = 5, created_timestamp = 6 (of the
 * specification's earlier drafts; holds for samples that have no start of their own). False when it cannot be read.
 */
// @ts-ignore: decorator
@inline
function readSeries(begin: usize, end: usize, workspace: v128): bool {
  const first = Rows.count
  let count = first
  let p = begin
  let refs: usize = 0
  let refsEnd: usize = 0
  let plain = false
  let histograms = false
  let exemplars = false
  let created: i64 = 0
  Metadata.type = 0
  Metadata.help = 0
  Metadata.unit = 0
  while (p < end) {
    const tag = load<u8>(p)
    if (tag == 0x12) {
      if (count == Rows.capacity) return false
      p = readSample(p + 1, end, count)
      if (p == 0) return false
      count += 1
      continue
    }
    if (tag == 0x30) {
      created = <i64>varint(p + 1, end)
      p = Cursor.next
      if (p == 0) return false
      continue
    }
    if (tag != 0x0a && tag != 0x1a && tag != 0x22 && tag != 0x2a) {
      // References one by one instead of packed, or something unknown.
      if (tag == 0x08) plain = true
      p = skipField(p, end, tag == 0x08 ? 0 : 6)
      if (p == 0) return false
      continue
    }
    let length = <u32>load<u8>(p, 1)
    p += 2
    if (length >= 0x80) {
      length = long(p - 1, end)
      p = Cursor.next
    }
    if (exceeds(p, end, length)) return false
    if (tag == 0x0a) {
      if (refs != 0) plain = true
      refs = p
      refsEnd = p + length
    } else if (tag == 0x1a) histograms = true
    else if (tag == 0x22) exemplars = true
    else if (!readMetadata(p, p + length)) return false
    p += length
  }
  if (plain || refs == refsEnd || (histograms ? count > first : count == first && !exemplars))
    return miss(MISS_PLAIN, begin, end, 0, 0)
  const key = keyOf(refs, refsEnd, workspace)
  if (Cursor.next == 0) return miss(MISS_PLAIN, begin, end, 0, 0)
  const low = i64x2.extract_lane(key, 0)
  const high = i64x2.extract_lane(key, 1)
  if (!keepRows(first, count, created, low, high, 0)) return miss(MISS_SERIES, begin, end, low, high)
  return histograms || exemplars ? miss(MISS_EXTRAS, begin, end, low, high) : true
}

/** Metadata: type = 1, help_ref = 3, unit_ref = 4. False when it cannot be read. */
function readMetadata(p: usize, end: usize): bool {
  while (p < end) {
    const tag = load<u8>(p)
    if (tag == 0x08 || tag == 0x18 || tag == 0x20) {
      const value = varint(p + 1, end)
      p = Cursor.next
      if (p == 0 || value >= UNREADABLE) return false
      if (tag == 0x08) {
        if (value > 0xff) return false
        Metadata.type = <u32>value
      } else if (tag == 0x18) Metadata.help = <u32>value
      else Metadata.unit = <u32>value
    } else {
      p = skipField(p, end, 4)
      if (p == 0) return false
    }
  }
  return true
}

/**
 * The key of a series: its labels, given as references, and all of its metadata, because texts that are refused are
 * refused with the series. `Cursor.next` is 0 when references are malformed, odd in number or lead nowhere.
 */
// @ts-ignore: decorator
@inline
function keyOf(p: usize, end: usize, workspace: v128): v128 {
  const digests = Symbols.digests
  const symbols = Symbols.count
  let key = workspace
  let first = i64x2.splat(0)
  let second = i64x2.splat(0)
  let inChunk: u32 = 0
  let pairs: u32 = 0
  let name = Metadata.help
  let value = Metadata.unit
  while (name < symbols && value < symbols) {
    const secrets = secretsOf(inChunk)
    const a = v128.load(digests + (<usize>name << 4))
    const b = v128.load(digests + (<usize>value << 4))
    const k0 = v128.load(secrets)
    const k1 = v128.load(secrets, 16)
    const k2 = v128.load(secrets, 32)
    first = i64x2.add(first, products(i32x4.add(a, k0), i32x4.add(b, k1)))
    second = i64x2.add(second, products(i32x4.add(a, k1), i32x4.add(b, k2)))
    inChunk += 1
    pairs += 1
    if (p == end) {
      Cursor.next = end
      return absorbHash(key, halves(first, second), (KEY_TAG << 40) | (<u64>Metadata.type << 32) | pairs)
    }
    if (inChunk == CHUNK_PAIRS) {
      key = absorbHash(key, halves(first, second), (KEY_TAG << 32) | CHUNK_PAIRS)
      first = i64x2.splat(0)
      second = i64x2.splat(0)
      inChunk = 0
    }
    name = <u32>load<u8>(p)
    p += 1
    if (name >= 0x80) {
      const next = <u32>load<u8>(p)
      if (next < 0x80) {
        name = (name & 0x7f) | (next << 7)
        p += 1
      } else {
        name = long(p - 1, end)
        p = Cursor.next
      }
    }
    value = <u32>load<u8>(p)
    p += 1
    if (value >= 0x80) {
      const next = <u32>load<u8>(p)
      if (next < 0x80) {
        value = (value & 0x7f) | (next << 7)
        p += 1
      } else {
        value = long(p - 1, end)
        p = Cursor.next
      }
    }
    if (p > end) break
  }
  Cursor.next = 0
  return key
}
