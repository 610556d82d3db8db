// prometheus.WriteRequest (prompb/remote.proto, types.proto): timeseries = 1, metadata = 3.

import { exceeds, long, skipField, Cursor } from './cursor'
import { absorb, state } from './keyed-hash'
import { isNext, nextLength } from './key-table'
import { readSample } from './sample'
import { DONE, keepRows, LEFT, miss, MISS_EXTRAS, MISS_METADATA, MISS_PLAIN, MISS_SERIES, Rows } from './rows'

/** Reads the body; `low` and `high` are secret words that stand for the workspace. Returns DONE or LEFT. */
export function remoteWrite1(low: u64, high: u64): i32 {
  const end = Rows.bodyEnd
  const workspace = state(low, high)
  let p = Rows.body
  while (p < end) {
    const tag = load<u8>(p)
    if (tag != 0x0a && tag != 0x1a) {
      p = skipField(p, end, 3)
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
    if (tag == 0x1a) {
      if (!miss(MISS_METADATA, p, p + length, 0, 0)) return LEFT
    } else if (!readSeries(p, p + length, workspace)) return LEFT
    p += length
  }
  return DONE
}

/** prometheus.TimeSeries: labels = 1, samples = 2, exemplars = 3, histograms = 4. False when it cannot be read. */
// @ts-ignore: decorator
@inline
function readSeries(start: usize, end: usize, workspace: v128): bool {
  const first = Rows.count
  let count = first
  let p = start
  let labels: usize = 0
  let labelsEnd: usize = 0
  let scattered = false
  let extras = false
  let key = workspace
  let isKnown = false
  const guess = nextLength()
  if (guess != 0 && !exceeds(p, end, guess) && (p + guess == end || load<u8>(p + guess) != 0x0a)) {
    key = absorb(workspace, p, guess, 0)
    isKnown = isNext(i64x2.extract_lane(key, 0), i64x2.extract_lane(key, 1))
    if (isKnown) {
      labels = p
      labelsEnd = p + guess
      p = labelsEnd
    }
  }
  while (p < end) {
    const tag = load<u8>(p)
    if (tag == 0x0a) {
      if (labels == 0) labels = p
      else scattered = true
      // All labels that follow one another.
      do {
        let length = <u32>load<u8>(p, 1)
        p += 2
        if (length >= 0x80) {
          length = long(p - 1, end)
          p = Cursor.next
        }
        if (exceeds(p, end, length)) return false
        p += length
      } while (p < end && load<u8>(p) == 0x0a)
      labelsEnd = p
    } else if (tag == 0x12) {
      if (count == Rows.capacity) return false
      p = readSample(p + 1, end, count)
      if (p == 0) return false
      count += 1
    } else if (tag == 0x1a || tag == 0x22) {
      extras = true
      const length = long(p + 1, end)
      p = Cursor.next
      if (exceeds(p, end, length)) return false
      p += length
    } else {
      p = skipField(p, end, 4)
      if (p == 0) return false
    }
  }
  if (labels == 0 || scattered || (count == first && !extras)) return miss(MISS_PLAIN, start, end, 0, 0)
  const length = <u32>(labelsEnd - labels)
  if (!isKnown) key = absorb(workspace, labels, length, 0)
  const low = i64x2.extract_lane(key, 0)
  const high = i64x2.extract_lane(key, 1)
  if (!keepRows(first, count, 0, low, high, length)) return miss(MISS_SERIES, start, end, low, high)
  return extras ? miss(MISS_EXTRAS, start, end, low, high) : true
}
