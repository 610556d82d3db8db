import { NinesError } from '@nines/kernel'
import { wordsToMs } from './unix-nanos.ts'

/** Wire types of protobuf. */
export const VARINT = 0
export const FIXED64 = 1
export const LENGTH = 2
const GROUP_START = 3
const GROUP_END = 4
export const FIXED32 = 5

/** A stretch of the message: offsets of its first byte and of the one behind its last. */
export interface ByteRange {
  start: number
  end: number
}

/**
 * Walks a protobuf message in place without making objects. Every field must lie inside the message that holds it.
 * What is malformed throws NinesError 'bad_request' with the byte offset and the message type being read.
 */
export class ProtobufReader {
  readonly bytes: Buffer
  readonly view: DataView
  readonly #format: string
  pos = 0
  end: number
  /** The message type being read, for errors. */
  inside = ''
  /** Number and wire type of the field that `next` found. */
  field = 0
  wire = 0
  /** Offset of that field's tag. */
  fieldAt = 0

  /** `format` is what errors call the bytes. */
  constructor(bytes: Buffer, format = 'OTLP protobuf') {
    this.bytes = bytes
    this.#format = format
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.end = bytes.length
  }

  /** Starts on a stretch of the bytes that holds a message of this type. */
  open(start: number, end: number, inside: string): void {
    this.pos = start
    this.end = end
    this.inside = inside
  }

  /** Goes to the next field; false at the end of the message. */
  next(): boolean {
    if (this.pos >= this.end) return false
    this.fieldAt = this.pos
    const tag = this.uint32()
    this.field = tag >>> 3
    this.wire = tag & 7
    if (this.field === 0) throw this.malformed('field number 0 does not exist')
    return true
  }

  /** Checks the wire type of a field that is known. */
  expect(wire: number): void {
    if (this.wire !== wire) throw this.malformed(`field ${this.field} has wire type ${this.wire} instead of ${wire}`)
  }

  /** Passes over the field that `next` found. */
  skip(): void {
    if (this.wire === VARINT) this.#skipVarint()
    else if (this.wire === FIXED64) this.#take(8)
    else if (this.wire === LENGTH) this.#take(this.#length())
    else if (this.wire === FIXED32) this.#take(4)
    else if (this.wire === GROUP_START || this.wire === GROUP_END)
      throw this.malformed('groups are not part of the format')
    else throw this.malformed(`wire type ${this.wire} does not exist`)
  }

  /** The content of a length-delimited field, which the reader passes over. */
  range(): ByteRange {
    this.expect(LENGTH)
    const length = this.#length()
    const start = this.#take(length)
    return { start, end: start + length }
  }

  /** Start of the content of a length-delimited field, which the reader passes over: the content ends at `pos`. */
  content(): number {
    this.expect(LENGTH)
    return this.#take(this.#length())
  }

  string(): string {
    const { start, end } = this.range()
    return this.bytes.toString('utf8', start, end)
  }

  /** The bytes of a length-delimited field, without a copy. */
  bytesField(): Uint8Array {
    const { start, end } = this.range()
    return this.bytes.subarray(start, end)
  }

  /** Offset of an 8-byte value of field type fixed64, sfixed64 or double, which the reader passes over. */
  fixed64(): number {
    this.expect(FIXED64)
    return this.#take(8)
  }

  /** A value of field type fixed32. */
  fixed32(): number {
    this.expect(FIXED32)
    return this.view.getUint32(this.#take(4), true)
  }

  double(): number {
    return this.doubleAt(this.fixed64())
  }

  doubleAt(offset: number): number {
    return this.view.getFloat64(offset, true)
  }

  /** A fixed64 of nanoseconds since the epoch as whole milliseconds. */
  unixNanosAsMs(): number {
    const offset = this.fixed64()
    return wordsToMs(this.highWord(offset), this.lowWord(offset))
  }

  /** Low and high word of a 64-bit value. */
  lowWord(offset: number): number {
    return this.view.getUint32(offset, true)
  }

  highWord(offset: number): number {
    return this.view.getUint32(offset + 4, true)
  }

  uint64At(offset: number): number {
    return this.highWord(offset) * 4_294_967_296 + this.lowWord(offset)
  }

  int64At(offset: number): number {
    return this.view.getInt32(offset + 4, true) * 4_294_967_296 + this.lowWord(offset)
  }

  /** A varint of field type uint32, enum or bool; higher bits are cut off as protobuf demands. */
  uint32(): number {
    const { bytes } = this
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.pos >= this.end) throw this.malformed('ends inside a varint')
      const byte = bytes[this.pos++]!
      if (shift < 32) value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw this.malformed('a varint is longer than 10 bytes')
  }

  /**
   * A varint of field type int64 as a number where that is exact, and otherwise undefined with the reader where it was,
   * for `int64` to read.
   */
  smallInt64(): number | undefined {
    this.expect(VARINT)
    const start = this.pos
    let value = 0
    let factor = 1
    for (let i = 0; i < 7; i++) {
      if (this.pos >= this.end) throw this.malformed('ends inside a varint')
      const byte = this.bytes[this.pos++]!
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
      factor *= 128
    }
    this.pos = start
    return undefined
  }

  /** A varint of field type int64. */
  int64(): bigint {
    this.expect(VARINT)
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.pos >= this.end) throw this.malformed('ends inside a varint')
      const byte = this.bytes[this.pos++]!
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, value)
    }
    throw this.malformed('a varint is longer than 10 bytes')
  }

  /** A varint of field type uint64 as a number, exact below 2^53. */
  uint64(): number {
    const { bytes } = this
    let value = 0
    let factor = 1
    for (let i = 0; i < 10; i++) {
      if (this.pos >= this.end) throw this.malformed('ends inside a varint')
      const byte = bytes[this.pos++]!
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
      factor *= 0x80
    }
    throw this.malformed('a varint is longer than 10 bytes')
  }

  /** A varint of field type int64 as a number, exact between -2^53 and 2^53. */
  int64AsNumber(): number {
    this.expect(VARINT)
    const { pos } = this
    const value = this.uint64()
    if (value < 2 ** 63) return value
    this.pos = pos
    return Number(this.int64())
  }

  /** A varint of field type sint32. */
  sint32(): number {
    const value = this.uint32()
    return (value >>> 1) ^ -(value & 1)
  }

  /** A varint of field type sint64 as a number, exact below 2^52. */
  sint64(): number {
    const value = this.uint64()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  /** A repeated 8-byte field, packed or one by one: a parser must take both. */
  fixed64s(into: number[], valueAt: (offset: number) => number): void {
    if (this.wire === FIXED64) {
      into.push(valueAt(this.fixed64()))
      return
    }
    const { start, end } = this.range()
    if ((end - start) % 8 !== 0) throw this.malformed(`field ${this.field} is no list of 8-byte values`)
    for (let offset = start; offset < end; offset += 8) into.push(valueAt(offset))
  }

  /** A repeated field of varints, packed or one by one; `take` reads one. */
  varints(take: () => void): void {
    if (this.wire === VARINT) return take()
    const { start, end } = this.range()
    const outer = this.end
    this.pos = start
    this.end = end
    while (this.pos < end) take()
    this.end = outer
  }

  malformed(what: string): NinesError {
    return new NinesError('bad_request', `malformed ${this.#format} at byte ${this.fieldAt} in ${this.inside}: ${what}`)
  }

  #length(): number {
    const length = this.uint32()
    if (length > this.end - this.pos)
      throw this.malformed(`field ${this.field} says ${length} bytes where ${this.end - this.pos} are left`)
    return length
  }

  #take(length: number): number {
    const start = this.pos
    if (length > this.end - start)
      throw this.malformed(`field ${this.field} needs ${length} bytes where ${this.end - start} are left`)
    this.pos = start + length
    return start
  }

  #skipVarint(): void {
    this.uint32()
  }
}

/** Contents of every occurrence of one field in the opened message. */
export function rangesOf(reader: ProtobufReader, field: number): ByteRange[] {
  const ranges: ByteRange[] = []
  while (reader.next()) {
    if (reader.field === field) ranges.push(reader.range())
    else reader.skip()
  }
  return ranges
}
