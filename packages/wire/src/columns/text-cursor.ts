import { NinesError } from '@nines/kernel'
import type { ByteSpan } from '../byte-key-map.ts'

/** Goes through the texts of a column one after the other without making strings. */
export class TextCursor implements ByteSpan {
  readonly bytes: Buffer
  readonly view: DataView
  start = 0
  end = 0

  constructor(stream: Buffer) {
    this.bytes = stream
    this.view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength)
  }

  /** Goes to the next text; answers whether it is equal to the one before. */
  next(): boolean {
    const { bytes, start: before, end: beforeEnd } = this
    let at = beforeEnd
    let size = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined || shift > 21) throw new NinesError('invalid', 'a column of texts ends too early')
      size |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    if (size > bytes.length - at) throw new NinesError('invalid', 'a column of texts ends too early')
    this.start = at
    this.end = at + size
    // Before the first text stands its size, so no text begins at 0.
    if (before === 0 || beforeEnd - before !== size) return false
    for (let i = 0; i < size; i++) if (bytes[before + i] !== bytes[at + i]) return false
    return true
  }

  /** The text as a string. */
  text(): string {
    return this.bytes.toString('utf8', this.start, this.end)
  }
}
