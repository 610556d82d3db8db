import type { MemoryPool } from './memory-pool.ts'

const FIRST_CAPACITY = 1024
/** Up to this length a loop over ASCII costs less than calls into native code. */
const SHORT_TEXT = 64

/** Bytes that grow at their end. Values are written where they will lie; nothing is kept apart. */
export class ByteStream {
  readonly #memory: MemoryPool | undefined
  #bytes: Buffer<ArrayBuffer>
  #view: DataView
  #length = 0

  constructor(capacity = FIRST_CAPACITY, memory?: MemoryPool) {
    this.#memory = memory
    this.#bytes = this.#allocate(capacity)
    this.#view = new DataView(this.#bytes.buffer)
  }

  get length(): number {
    return this.#length
  }

  /** Cuts the stream back to a length that it had before. */
  truncate(length: number): void {
    this.#length = length
  }

  uint8(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
  }

  int32(value: number): void {
    const at = this.#advance(4)
    this.#view.setInt32(at, value, true)
  }

  uint32(value: number): void {
    const at = this.#advance(4)
    this.#view.setUint32(at, value, true)
  }

  float64(value: number): void {
    const at = this.#advance(8)
    this.#view.setFloat64(at, value, true)
  }

  /** A 64-bit word from its halves, each taken modulo 2^32. */
  word64(low: number, high: number): void {
    const at = this.#advance(8)
    this.#view.setUint32(at, low, true)
    this.#view.setUint32(at + 4, high, true)
  }

  /** A 64-bit two's complement word of an integer below 2^53; fractions are cut. */
  integer64(value: number): void {
    const whole = Math.trunc(value)
    this.word64(whole, Math.floor(whole / 0x1_0000_0000))
  }

  bigint64(value: bigint): void {
    const at = this.#advance(8)
    this.#view.setBigUint64(at, BigInt.asUintN(64, value), true)
  }

  varuint(value: number): void {
    this.#reserve(5)
    let rest = value
    for (; rest >= 0x80; rest >>>= 7) this.#bytes[this.#length++] = (rest & 0x7f) | 0x80
    this.#bytes[this.#length++] = rest
  }

  /** Copies bytes as they are. */
  copy(source: Uint8Array, start = 0, end = source.length): void {
    const size = end - start
    this.#reserve(size)
    if (size <= 24) for (let i = 0; i < size; i++) this.#bytes[this.#length + i] = source[start + i]!
    else this.#bytes.set(source.subarray(start, end), this.#length)
    this.#length += size
  }

  zeros(size: number): void {
    this.#reserve(size)
    this.#bytes.fill(0, this.#length, this.#length + size)
    this.#length += size
  }

  /** Length and UTF-8 of a text, as the Native format writes a String. */
  text(value: string): void {
    if (value.length <= SHORT_TEXT) {
      this.#reserve(1 + SHORT_TEXT)
      // A length below 128 takes one byte.
      if (this.#writeAscii(value, this.#length + 1)) {
        this.#bytes[this.#length] = value.length
        this.#length += 1 + value.length
        return
      }
    }
    const size = Buffer.byteLength(value)
    this.varuint(size)
    this.#reserve(size)
    this.#length += this.#bytes.write(value, this.#length)
  }

  /** The same for a text that lies somewhere in UTF-8. */
  textBytes(source: Buffer, start: number, end: number): void {
    const size = end - start
    this.varuint(size)
    this.#reserve(size)
    const bytes = this.#bytes
    const at = this.#length
    if (size <= SHORT_TEXT) for (let i = 0; i < size; i++) bytes[at + i] = source[start + i]!
    else source.copy(bytes, at, start, end)
    this.#length = at + size
  }

  /** UTF-8 of a text without its length; answers how many bytes it takes. */
  rawText(value: string): number {
    // No character of a string takes more than three bytes.
    this.#reserve(value.length * 3)
    if (value.length <= SHORT_TEXT && this.#writeAscii(value, this.#length)) {
      this.#length += value.length
      return value.length
    }
    const size = this.#bytes.write(value, this.#length)
    this.#length += size
    return size
  }

  /** Decimal digits of a whole number below 2^53, as `String` writes it; answers how many bytes they take. */
  decimal(value: number): number {
    this.#reserve(17)
    const start = this.#length
    let end = start
    let rest = value
    if (rest < 0) {
      this.#bytes[end++] = 0x2d
      rest = -rest
    }
    let digits = 1
    for (let power = 10; power <= rest; power *= 10) digits++
    end += digits
    for (let i = end - 1; i >= end - digits; i--) {
      const next = Math.floor(rest / 10)
      this.#bytes[i] = 0x30 + (rest - next * 10)
      rest = next
    }
    this.#length = end
    return end - start
  }

  /** All of the memory, also what lies behind the end: for reading at known places, until the next write. */
  get memory(): Buffer {
    return this.#bytes
  }

  /** Gives its memory back. Neither the stream nor what `toBuffer` gave is to be used afterwards. */
  release(): void {
    this.#memory?.give(this.#bytes)
  }

  /** What was written, without a copy: good until the next write. */
  toBuffer(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Writes characters of ASCII behind the end; false when there is another one. */
  #writeAscii(value: string, at: number): boolean {
    const bytes = this.#bytes
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i)
      if (code > 0x7f) return false
      bytes[at + i] = code
    }
    return true
  }

  #advance(size: number): number {
    this.#reserve(size)
    const at = this.#length
    this.#length = at + size
    return at
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return
    let capacity = this.#bytes.length * 2
    while (capacity < this.#length + size) capacity *= 2
    const grown = this.#allocate(capacity)
    grown.set(this.#bytes.subarray(0, this.#length))
    this.release()
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }

  #allocate(capacity: number): Buffer<ArrayBuffer> {
    return this.#memory?.take(capacity) ?? Buffer.from(new ArrayBuffer(capacity))
  }
}
