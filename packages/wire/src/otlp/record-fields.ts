import type { ByteStream } from '../columns/byte-stream.ts'
import { writeUtf8 } from '../columns/utf8.ts'
import type { ProtobufReader } from './protobuf-reader.ts'
import { wordsToMs } from './unix-nanos.ts'

/*
 * Parts of a record between a decoder and its columns. A normaliser makes them once and every record fills them anew, so
 * that no record costs an object.
 */

const EMPTY = Buffer.alloc(0)

/** A text, either bytes of the request or a string. */
export class TextField {
  #text: string | null = ''
  #bytes: Buffer = EMPTY
  #start = 0
  #end = 0

  clear(): void {
    this.#text = ''
  }

  setBytes(bytes: Buffer, start: number, end: number): void {
    this.#text = null
    this.#bytes = bytes
    this.#start = start
    this.#end = end
  }

  setText(text: string): void {
    this.#text = text
  }

  /** Bytes of UTF-8. */
  get size(): number {
    return this.#text === null ? this.#end - this.#start : Buffer.byteLength(this.#text)
  }

  /** As a string, which costs one: for messages. */
  toString(): string {
    return this.#text ?? this.#bytes.toString('utf8', this.#start, this.#end)
  }

  /** So many bytes of the beginning, each a character: to look for ASCII in. */
  head(bytes: number): string {
    return this.#text === null
      ? this.#bytes.toString('latin1', this.#start, Math.min(this.#end, this.#start + bytes))
      : Buffer.from(this.#text.slice(0, bytes)).toString('latin1', 0, bytes)
  }

  write(stream: ByteStream): void {
    if (this.#text === null) writeUtf8(stream, this.#bytes, this.#start, this.#end)
    else if (this.#text === '') stream.uint8(0)
    else stream.text(this.#text)
  }
}

/** An instant in nanoseconds since the epoch as two unsigned 32-bit words; 0 when the sender did not say. */
export class NanosField {
  low = 0
  high = 0

  clear(): void {
    this.low = 0
    this.high = 0
  }

  set(low: number, high: number): void {
    this.low = low >>> 0
    this.high = high >>> 0
  }

  /** Takes the fixed64 field that the reader is at. */
  readFixed(reader: ProtobufReader): void {
    const offset = reader.fixed64()
    this.set(reader.lowWord(offset), reader.highWord(offset))
  }

  /** Takes seconds (0 to 2^38) and nanoseconds (below 10^9): exact, without a bigint. */
  setSeconds(seconds: number, nanos: number): void {
    // 10^9 = 0x3b9a * 2^16 + 0xca00; no product exceeds 2^53.
    const upper = seconds * 0x3b9a
    const lower = (upper % 0x1_0000) * 0x1_0000 + seconds * 0xca00 + nanos
    this.set(lower % 0x1_0000_0000, Math.floor(upper / 0x1_0000) + Math.floor(lower / 0x1_0000_0000))
  }

  setBigint(nanos: bigint): void {
    this.set(Number(nanos & 0xffff_ffffn), Number((nanos >> 32n) & 0xffff_ffffn))
  }

  get isUnset(): boolean {
    return this.low === 0 && this.high === 0
  }

  /** Whole milliseconds. */
  get ms(): number {
    return wordsToMs(this.high, this.low)
  }

  write(stream: ByteStream): void {
    stream.word64(this.low, this.high)
  }
}

/** The id of a trace (16 bytes) or a span (8 bytes). */
export class IdField {
  readonly #size: number
  readonly #own: Buffer
  #bytes: Buffer = EMPTY
  #start = 0
  /** Bytes that the sender gave; NOT_HEX when it gave something that is no id at all. */
  #given = 0

  constructor(size: number) {
    this.#size = size
    this.#own = Buffer.alloc(size)
  }

  clear(): void {
    this.#given = 0
  }

  setBytes(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes
    this.#start = start
    this.#given = end - start
  }

  /** Hexadecimal digits of any case. */
  setHex(text: string): void {
    this.#bytes = this.#own
    this.#start = 0
    if (text.length === 2 * this.#size) this.#given = this.#takeHex(text) ? this.#size : NOT_HEX
    else this.#given = HEX.test(text) ? text.length / 2 : NOT_HEX
  }

  /** Not given at all, or as nothing but zeros, which many senders write where there is none. */
  get isNone(): boolean {
    return this.#given === 0 || (this.#given === this.#size && this.#isZero())
  }

  get isValid(): boolean {
    return this.#given === this.#size && !this.#isZero()
  }

  /** Why an id that was given is none: 'has 4 bytes instead of 16'. */
  get fault(): string {
    if (this.#given === this.#size) return this.#isZero() ? 'consists of zeros' : ''
    if (this.#given === NOT_HEX) return 'is not hexadecimal'
    return this.#given === 0 ? 'is missing' : `has ${this.#given} bytes instead of ${this.#size}`
  }

  /** The id, or zeros where there is no valid one. */
  write(stream: ByteStream): void {
    if (this.#given === this.#size) stream.copy(this.#bytes, this.#start, this.#start + this.#size)
    else stream.zeros(this.#size)
  }

  #takeHex(text: string): boolean {
    let all = 0
    for (let i = 0; i < this.#size; i++) {
      const upper = hexDigit(text.charCodeAt(2 * i))
      const lower = hexDigit(text.charCodeAt(2 * i + 1))
      all |= upper | lower
      this.#own[i] = (upper << 4) | lower
    }
    return all >= 0
  }

  #isZero(): boolean {
    let all = 0
    for (let i = 0; i < this.#size; i++) all |= this.#bytes[this.#start + i]!
    return all === 0
  }
}

const HEX = /^(?:[0-9a-f]{2})*$/i
const NOT_HEX = -1

/** The value of a digit by its character code, -1 for anything else. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
