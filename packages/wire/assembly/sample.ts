import { exceeds, long, skipField, varint, Cursor } from './cursor'
import { Rows } from './rows'

/**
 * A Sample of remote write, from its length on: value = 1 (double), timestamp = 2 (int64 ms), start_timestamp = 3 (int64
 * ms; of version 2, and taken from senders of version 1 that write it). Writes time, start and value of row `row`, whose series is not known yet. Returns the
 * position behind the sample, or 0 when it cannot be read.
 */
// @ts-ignore: decorator
@inline
export function readSample(p: usize, end: usize, row: u32): usize {
  let length = <u32>load<u8>(p)
  p += 1
  const offset = <usize>row << 3
  // As every sender writes one of the years 2005 to 2106: value, then a time of 6 bytes.
  if (length == 16 && !exceeds(p, end, 16) && load<u8>(p) == 0x09 && load<u8>(p, 9) == 0x10) {
    const word = load<u64>(p, 10)
    if ((word & 0x0000808080808080) == 0x0000008080808080) {
      let time = word & 0x00007f7f7f7f7f7f
      time = (time & 0x007f007f007f007f) | ((time & 0x7f007f007f007f00) >> 1)
      time = (time & 0x00003fff00003fff) | ((time & 0x3fff00003fff0000) >> 2)
      time = (time & 0x000000000fffffff) | ((time & 0x0fffffff00000000) >> 4)
      store<u64>(Rows.at + offset, time)
      store<u64>(Rows.start + offset, 0)
      store<u64>(Rows.value + offset, load<u64>(p, 1))
      return p + 16
    }
  }
  return readAnySample(p - 1, end, offset)
}

function readAnySample(p: usize, outer: usize, offset: usize): usize {
  const length = long(p, outer)
  p = Cursor.next
  if (exceeds(p, outer, length)) return 0
  const end = p + length
  let value: u64 = 0
  let at: u64 = 0
  let start: i64 = 0
  while (p < end) {
    const tag = load<u8>(p)
    if (tag == 0x09) {
      if (exceeds(p, end, 9)) return 0
      value = load<u64>(p, 1)
      p += 9
    } else if (tag == 0x10) {
      at = varint(p + 1, end)
      p = Cursor.next
    } else if (tag == 0x18) {
      start = <i64>varint(p + 1, end)
      p = Cursor.next
    } else p = skipField(p, end, 3)
    if (p == 0) return 0
  }
  store<u64>(Rows.at + offset, at)
  store<i64>(Rows.start + offset, start)
  store<u64>(Rows.value + offset, value)
  return end
}
