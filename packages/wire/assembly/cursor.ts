// Reading protobuf. A walker keeps its position in a local variable; what takes more than a byte is read here, and the
// position behind it is left in `Cursor.next`. Nothing here trusts the message: `end` is where the message ends, and the
// memory behind every region can be read for at least 64 bytes.

/** Wire types. */
const VARINT: u32 = 0
const FIXED64: u32 = 1
const LENGTH: u32 = 2
const FIXED32: u32 = 5

/** What a length or tag is when it cannot be read: more than any message holds. */
export const UNREADABLE: u32 = 0x7fffffff

export class Cursor {
  static next: usize = 0
}

/** A varint of up to 10 bytes; `Cursor.next` is 0 when it is longer or the message ends inside it. */
export function varint(p: usize, end: usize): u64 {
  let value: u64 = 0
  for (let shift: u64 = 0; shift < 70; shift += 7) {
    if (p >= end) break
    const byte = <u64>load<u8>(p++)
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) {
      Cursor.next = p
      return value
    }
  }
  Cursor.next = 0
  return 0
}

/** A length or tag of more than one byte, UNREADABLE when it is malformed or as large as that. */
export function long(p: usize, end: usize): u32 {
  const value = varint(p, end)
  if (Cursor.next == 0 || value >= UNREADABLE) {
    Cursor.next = end
    return UNREADABLE
  }
  return <u32>value
}

/** True when fewer than `length` bytes are left; also when the position is already behind the end. */
// @ts-ignore: decorator
@inline
export function exceeds(p: usize, end: usize, length: u32): bool {
  return <i32>(end - p) < <i32>length
}

/**
 * Passes over the field at `p` whose number the walker does not know. Returns the position behind it, or 0 when it is
 * malformed or its number is at most `lastKnown`: then a known field has another wire type than it should.
 */
export function skipField(p: usize, end: usize, lastKnown: u32): usize {
  const tag = long(p, end)
  if (tag == UNREADABLE || tag >> 3 <= lastKnown) return 0
  p = Cursor.next
  const wire = tag & 7
  if (wire == VARINT) {
    varint(p, end)
    return Cursor.next
  }
  let length: u32 = 8
  if (wire == LENGTH) {
    length = long(p, end)
    p = Cursor.next
  } else if (wire == FIXED32) length = 4
  else if (wire != FIXED64) return 0
  return exceeds(p, end, length) ? 0 : p + length
}
