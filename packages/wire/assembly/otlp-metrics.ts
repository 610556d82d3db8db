// ExportMetricsServiceRequest (opentelemetry/proto/collector/metrics/v1): resource_metrics = 1.

import { exceeds, long, skipField, varint, Cursor } from './cursor'
import { absorb, state } from './keyed-hash'
import { DONE, keepRows, LEFT, miss, MISS_METRIC, MISS_PLAIN, MISS_SERIES, Place, Rows } from './rows'

/** What a part of a key is, so that the same bytes in another place make another key. */
const RESOURCE: u32 = 2
const SCOPE: u32 = 3
const ATTRIBUTES: u32 = 4
/** Added when a message is absent. */
const ABSENT: u32 = 8
/** Of metrics, together with kind, temporality and monotonicity. */
const METRIC: u32 = 0x10

/** The last times in nanoseconds, and in whole milliseconds: most points of a request share them, and divisions cost. */
class Times {
  static atNanos: u64 = 0
  static at: u64 = 0
  static startNanos: u64 = 0
  static start: u64 = 0
}

/** Reads the body; `low` and `high` are secret words that stand for the workspace. Returns DONE or LEFT. */
export function otlpMetrics(low: u64, high: u64): i32 {
  const workspace = state(low, high)
  const end = Rows.bodyEnd
  let p = Rows.body
  while (p < end) {
    if (load<u8>(p) != 0x0a) {
      p = skipField(p, end, 1)
      if (p == 0) return LEFT
      continue
    }
    const length = long(p + 1, end)
    p = Cursor.next
    if (exceeds(p, end, length)) return LEFT
    if (!readResourceMetrics(p, p + length, workspace)) return LEFT
    p += length
  }
  return DONE
}

/** The state after the singular message of field 1, which may stand anywhere; `Cursor.next` is 0 when it stands twice. */
function absorbFirst(start: usize, end: usize, before: v128, tag: u32): v128 {
  let p = start
  let found: usize = 0
  let size: u32 = 0
  while (p < end) {
    if (load<u8>(p) == 0x0a) {
      const isFirst = p == start
      const length = long(p + 1, end)
      p = Cursor.next
      if (found != 0 || exceeds(p, end, length)) {
        Cursor.next = 0
        return before
      }
      found = p
      size = length
      p += length
      // Where it comes first, as usual, the rest is read once: the walkers refuse another one.
      if (isFirst) break
    } else {
      p = skipField(p, end, 0)
      if (p == 0) {
        Cursor.next = 0
        return before
      }
    }
  }
  Cursor.next = end
  return absorb(before, found == 0 ? start : found, size, found == 0 ? tag + ABSENT : tag)
}

/** ResourceMetrics: resource = 1, scope_metrics = 2, schema_url = 3. False when it cannot be read. */
function readResourceMetrics(start: usize, end: usize, workspace: v128): bool {
  const key = absorbFirst(start, end, workspace, RESOURCE)
  if (Cursor.next == 0) return false
  Place.resourceStart = start
  Place.resourceEnd = end
  return readRepeated(start, end, key, false)
}

/** ScopeMetrics: scope = 1, metrics = 2, schema_url = 3. */
function readScopeMetrics(start: usize, end: usize, resource: v128): bool {
  const key = absorbFirst(start, end, resource, SCOPE)
  if (Cursor.next == 0) return false
  Place.scopeStart = start
  Place.scopeEnd = end
  return readRepeated(start, end, key, true)
}

/** Field 2 of both: scopes of a resource or metrics of a scope. */
function readRepeated(start: usize, end: usize, key: v128, metrics: bool): bool {
  let p = start
  let singular = false
  while (p < end) {
    const tag = load<u8>(p)
    if (tag != 0x0a && tag != 0x12 && tag != 0x1a) {
      p = skipField(p, end, 3)
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
      if (singular) return false
      singular = true
    } else if (tag == 0x12) {
      const read = metrics ? readMetric(p, p + length, key) : readScopeMetrics(p, p + length, key)
      if (!read) return false
    }
    p += length
  }
  return true
}

/**
 * Metric: name = 1, description = 2, unit = 3, gauge = 5, sum = 7, histogram = 9, exponential_histogram = 10,
 * summary = 11.
 */
function readMetric(start: usize, end: usize, scope: v128): bool {
  let p = start
  let name: usize = 0
  let nameSize: u32 = 0
  let kind: u32 = 0
  let data: usize = 0
  let dataEnd: usize = 0
  while (p < end) {
    const tag = <u32>load<u8>(p)
    // Every known field is length-delimited.
    if ((tag & 7) != 2 || tag >= 0x60) {
      p = skipField(p, end, 11)
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
    const field = tag >> 3
    if (field == 1) {
      name = p
      nameSize = length
    } else if (field == 0) return false
    else if (field == 5 || field == 7 || field >= 9) {
      // Several parts of the oneof: the last counts, parts of the same member are merged.
      if (kind != 0) return false
      kind = field
      data = p
      dataEnd = p + length
    }
    p += length
  }
  Place.metricStart = start
  Place.metricEnd = end
  if (kind == 0) return true
  if (kind > 7 || nameSize == 0) return miss(MISS_METRIC, start, start, 0, 0)
  let marks: u32 = 0
  if (kind == 7) {
    marks = sumMarks(data, dataEnd)
    if (marks == 0) return false
  }
  const key = absorb(scope, name, nameSize, METRIC + (marks << 8))
  return readPoints(data, dataEnd, key, kind == 5)
}

/**
 * Temporality and monotonicity of a Sum (data_points = 1, aggregation_temporality = 2, is_monotonic = 3) in a number
 * other than 0, which stands for "cannot be read". They come behind the points as a rule.
 */
function sumMarks(p: usize, end: usize): u32 {
  let temporality: u32 = 0
  let monotonic: u32 = 0
  while (p < end) {
    const tag = load<u8>(p)
    if (tag == 0x0a) {
      let length = <u32>load<u8>(p, 1)
      p += 2
      if (length >= 0x80) {
        length = long(p - 1, end)
        p = Cursor.next
      }
      if (exceeds(p, end, length)) return 0
      p += length
    } else if (tag == 0x10 || tag == 0x18) {
      const value = varint(p + 1, end)
      p = Cursor.next
      if (p == 0 || value > 0xff) return 0
      if (tag == 0x10) temporality = <u32>value
      else monotonic = value != 0 ? 1 : 0
    } else {
      p = skipField(p, end, 3)
      if (p == 0) return 0
    }
  }
  return 1 | (monotonic << 1) | (temporality << 2)
}

function readPoints(p: usize, end: usize, metric: v128, gauge: bool): bool {
  while (p < end) {
    const tag = load<u8>(p)
    if (tag != 0x0a) {
      // Of a sum, what `sumMarks` has read.
      p = skipField(p, end, gauge ? 1 : 0)
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
    if (!readPoint(p, p + length, metric, gauge)) return false
    p += length
  }
  return true
}

/**
 * NumberDataPoint: start_time_unix_nano = 2, time_unix_nano = 3, as_double = 4, exemplars = 5, as_int = 6,
 * attributes = 7, flags = 8.
 */
// @ts-ignore: decorator
@inline
function readPoint(start: usize, end: usize, metric: v128, gauge: bool): bool {
  let p = start
  let attributes: usize = 0
  let attributesEnd: usize = 0
  let from: u64 = 0
  let at: u64 = 0
  let value: f64 = Infinity
  let plain = false
  while (p < end) {
    const tag = load<u8>(p)
    if (tag == 0x3a) {
      if (attributes == 0) attributes = p
      else plain = true
      do {
        let length = <u32>load<u8>(p, 1)
        p += 2
        if (length >= 0x80) {
          length = long(p - 1, end)
          p = Cursor.next
        }
        if (exceeds(p, end, length)) return false
        p += length
      } while (p < end && load<u8>(p) == 0x3a)
      attributesEnd = p
    } else if (tag == 0x19 || tag == 0x11 || tag == 0x21 || tag == 0x31) {
      if (exceeds(p, end, 9)) return false
      const word = load<u64>(p, 1)
      if (tag == 0x19) at = word
      else if (tag == 0x11) from = word
      else value = tag == 0x21 ? reinterpret<f64>(word) : <f64>(<i64>word)
      p += 9
    } else if (tag == 0x40) {
      // Set flags are for TypeScript to judge.
      if (varint(p + 1, end) != 0) plain = true
      p = Cursor.next
      if (p == 0) return false
    } else if (tag == 0x2a) {
      plain = true
      const length = long(p + 1, end)
      p = Cursor.next
      if (exceeds(p, end, length)) return false
      p += length
    } else {
      p = skipField(p, end, 8)
      if (p == 0) return false
    }
  }
  // x - x is NaN for infinities and NaN.
  if (plain || value - value != 0) return miss(MISS_PLAIN, start, end, 0, 0)
  const row = Rows.count
  if (row == Rows.capacity) return false
  const offset = <usize>row << 3
  if (at != Times.atNanos) {
    Times.atNanos = at
    Times.at = at / 1000000
  }
  store<u64>(Rows.at + offset, Times.at)
  if (gauge) from = 0
  if (from != Times.startNanos) {
    Times.startNanos = from
    Times.start = from / 1000000
  }
  store<u64>(Rows.start + offset, Times.start)
  store<f64>(Rows.value + offset, value)
  const key = absorb(metric, attributes == 0 ? start : attributes, <u32>(attributesEnd - attributes), ATTRIBUTES)
  const low = i64x2.extract_lane(key, 0)
  const high = i64x2.extract_lane(key, 1)
  return keepRows(row, row + 1, 0, low, high, 0) || miss(MISS_SERIES, start, end, low, high)
}
