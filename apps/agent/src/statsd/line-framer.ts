const NEWLINE = 0x0a

/** Cuts a byte stream into lines. A line longer than the limit is passed over to its end. */
export class LineFramer {
  readonly #maxBytes: number
  readonly #onTooLong: () => void
  #pieces: Buffer[] = []
  #length = 0
  #skipping = false

  constructor(maxBytes: number, onTooLong: () => void) {
    this.#maxBytes = maxBytes
    this.#onTooLong = onTooLong
  }

  /** The lines that the chunk completes, without their newlines. */
  push(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = []
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end))
      lines.push(...this.end())
      start = end + 1
    }
    this.#keep(chunk.subarray(start))
    return lines
  }

  /** The last line, when the stream ends without a newline. */
  end(): Buffer[] {
    const [first, ...rest] = this.#pieces
    const skipped = this.#skipping
    this.#skipping = false
    this.#pieces = []
    const length = this.#length
    this.#length = 0
    if (skipped || !first) return []
    return [rest.length === 0 ? first : Buffer.concat([first, ...rest], length)]
  }

  #keep(piece: Buffer): void {
    if (this.#skipping || piece.length === 0) return
    this.#length += piece.length
    if (this.#length <= this.#maxBytes) {
      this.#pieces.push(piece)
      return
    }
    this.#skipping = true
    this.#pieces = []
    this.#onTooLong()
  }
}
