/**
 * A growing buffer with protobuf's primitives. A field written with a mark is remembered by it, also within the message
 * around it, so that its bytes can be found and changed in the finished request.
 */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(1 << 10)
  #length = 0
  readonly #marks = new Map<string, number[]>()

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

  /** A length-delimited field. The mark is at its content. */
  bytes(field: number, value: Uint8Array, mark?: string): void {
    this.tag(field, 2)
    this.varint(value.length)
    this.mark(mark)
    this.raw(value)
  }

  string(field: number, value: string): void {
    this.bytes(field, Buffer.from(value))
  }

  message(field: number, body: ByteWriter): void {
    this.tag(field, 2)
    this.varint(body.length)
    for (const [name, places] of body.#marks) for (const place of places) this.#markAt(name, this.#length + place)
    this.raw(body.finish())
  }

  uint(field: number, value: number): void {
    this.tag(field, 0)
    this.varint(value)
  }

  double(field: number, value: number, mark?: string): void {
    this.tag(field, 1)
    this.mark(mark)
    this.#reserve(8)
    this.#bytes.writeDoubleLE(value, this.#length)
    this.#length += 8
  }

  fixed64(field: number, value: bigint, mark?: string): void {
    this.tag(field, 1)
    this.mark(mark)
    this.#reserve(8)
    this.#bytes.writeBigUInt64LE(value, this.#length)
    this.#length += 8
  }

  /** Remembers the place of the next byte. */
  mark(name: string | undefined): void {
    if (name !== undefined) this.#markAt(name, this.#length)
  }

  /** Places of all marks of this name, in the order in which they were written. */
  places(name: string): Uint32Array {
    return Uint32Array.from(this.#marks.get(name) ?? [])
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

  #markAt(name: string, at: number): void {
    const places = this.#marks.get(name)
    if (places) places.push(at)
    else this.#marks.set(name, [at])
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}
