const FIRST_CAPACITY = 1024

/** Writes protobuf's wire format into one growing buffer. */
export class ProtobufWriter {
  #buffer = Buffer.allocUnsafe(FIRST_CAPACITY)
  #length = 0

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  string(field: number, text: string): void {
    const size = Buffer.byteLength(text)
    this.#tag(field, 2)
    this.#varint(size)
    this.#reserve(size)
    this.#length += this.#buffer.write(text, this.#length)
  }

  /** A whole number from 0 to 2^53 - 1; 0 is the default and not written. */
  uint(field: number, value: number): void {
    if (value === 0) return
    this.#tag(field, 0)
    this.#varint(value)
  }

  /** A whole number of either sign, as int64; 0 is the default and not written. */
  int64(field: number, value: number): void {
    if (value >= 0) return this.uint(field, value)
    this.#tag(field, 0)
    let rest = BigInt.asUintN(64, BigInt(value))
    for (; rest >= 0x80n; rest >>= 7n) this.#byte(Number(rest & 0x7fn) | 0x80)
    this.#byte(Number(rest))
  }

  double(field: number, value: number): void {
    this.#tag(field, 1)
    this.#reserve(8)
    this.#length = this.#buffer.writeDoubleLE(value, this.#length)
  }

  /** A double by its bits, because JavaScript may change those of a NaN. */
  doubleBits(field: number, bits: bigint): void {
    this.#tag(field, 1)
    this.#reserve(8)
    this.#length = this.#buffer.writeBigUInt64LE(bits, this.#length)
  }

  packedUints(field: number, values: readonly number[]): void {
    this.message(field, () => values.forEach((value) => this.#varint(value)))
  }

  /** A nested message, whose fields `write` writes into this writer. */
  message(field: number, write: () => void): void {
    this.#tag(field, 2)
    this.#byte(0)
    const start = this.#length
    write()
    const size = this.#length - start
    if (size < 0x80) {
      this.#buffer[start - 1] = size
      return
    }
    // The length takes more than the byte kept for it, so the content moves up.
    const extra = varintSize(size) - 1
    this.#reserve(extra)
    this.#buffer.copyWithin(start + extra, start, this.#length)
    this.#length = start - 1
    this.#varint(size)
    this.#length += size
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType)
  }

  #varint(value: number): void {
    let rest = value
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#byte((rest % 0x80) | 0x80)
    this.#byte(rest)
  }

  #byte(value: number): void {
    this.#reserve(1)
    this.#buffer[this.#length++] = value
  }

  #reserve(size: number): void {
    const needed = this.#length + size
    if (needed <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2))
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
  }
}

function varintSize(value: number): number {
  let size = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++
  return size
}
