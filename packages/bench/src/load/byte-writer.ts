/** A growing buffer with protobuf's primitives. Positions it returns stay valid after it has grown. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(1 << 16)
  #length = 0

  get length(): number {
    return this.#length
  }

  varint(value: number): void {
    this.#reserve(10)
    let rest = value
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    this.#bytes[this.#length++] = rest
  }

  tag(field: number, wireType: 0 | 1 | 2 | 5): void {
    this.varint(field * 8 + wireType)
  }

  /** A length-delimited field. */
  bytes(field: number, value: Uint8Array): void {
    this.tag(field, 2)
    this.varint(value.length)
    this.raw(value)
  }

  string(field: number, value: string): void {
    this.bytes(field, Buffer.from(value))
  }

  /** A nested message. Returns where its body begins, so that positions within it can be made absolute. */
  message(field: number, body: ByteWriter): number {
    this.tag(field, 2)
    this.varint(body.length)
    const at = this.#length
    this.raw(body.finish())
    return at
  }

  uint(field: number, value: number): void {
    this.tag(field, 0)
    this.varint(value)
  }

  double(field: number, value: number): number {
    return this.#eight(field, (at) => this.#bytes.writeDoubleLE(value, at))
  }

  fixed64(field: number, value: bigint): number {
    return this.#eight(field, (at) => this.#bytes.writeBigUInt64LE(value, at))
  }

  raw(value: Uint8Array): void {
    this.#reserve(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
  }

  /** The bytes written so far; they share memory with the writer. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Returns the position of the eight bytes. */
  #eight(field: number, write: (at: number) => void): number {
    this.tag(field, 1)
    this.#reserve(8)
    const at = this.#length
    write(at)
    this.#length += 8
    return at
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}
