const CHUNK_SLOTS = 32_768
const CHUNK_BYTES = CHUNK_SLOTS * 12

interface Chunk {
  at: Uint32Array
  value: Float64Array
  free: number[]
}

/**
 * Rings of one capacity, many to a chunk of memory. A ring is a number; chunks whose rings are all free are given up, so
 * that rings moving to a greater capacity leave nothing behind.
 */
export class RingPool {
  readonly capacity: number
  readonly #ringsPerChunk: number
  /** A ring's number is its chunk's, shifted by this, plus its place in the chunk. */
  readonly #shift: number
  readonly #chunks: (Chunk | undefined)[] = []
  /** Chunks that may have a free ring. */
  readonly #open: number[] = []
  #live = 0

  /** @param capacity a power of two, at most 32,768 */
  constructor(capacity: number) {
    this.capacity = capacity
    this.#ringsPerChunk = CHUNK_SLOTS / capacity
    this.#shift = Math.log2(this.#ringsPerChunk)
  }

  get bytes(): number {
    return this.#live * CHUNK_BYTES
  }

  /** Bytes that one more ring would cost, 0 while one is free. */
  get nextBytes(): number {
    return this.#openChunk() === undefined ? CHUNK_BYTES : 0
  }

  take(): number {
    const number = this.#openChunk() ?? this.#addChunk()
    return (number << this.#shift) + this.#chunks[number]!.free.pop()!
  }

  release(ring: number): void {
    const number = ring >>> this.#shift
    const chunk = this.#chunks[number]!
    chunk.free.push(ring & (this.#ringsPerChunk - 1))
    if (chunk.free.length === this.#ringsPerChunk) {
      this.#chunks[number] = undefined
      this.#live--
    } else if (chunk.free.length === 1) this.#open.push(number)
  }

  /** Instants of the chunk that holds the ring. */
  ats(ring: number): Uint32Array {
    return this.#chunks[ring >>> this.#shift]!.at
  }

  values(ring: number): Float64Array {
    return this.#chunks[ring >>> this.#shift]!.value
  }

  /** Where the ring begins in its chunk's arrays. */
  offset(ring: number): number {
    return (ring & (this.#ringsPerChunk - 1)) * this.capacity
  }

  #openChunk(): number | undefined {
    for (;;) {
      const number = this.#open.at(-1)
      if (number === undefined) return undefined
      if ((this.#chunks[number]?.free.length ?? 0) > 0) return number
      this.#open.pop()
    }
  }

  #addChunk(): number {
    const empty = this.#chunks.findIndex((chunk) => chunk === undefined)
    const number = empty < 0 ? this.#chunks.length : empty
    const free = Array.from({ length: this.#ringsPerChunk }, (_, i) => this.#ringsPerChunk - 1 - i)
    this.#chunks[number] = { at: new Uint32Array(CHUNK_SLOTS), value: new Float64Array(CHUNK_SLOTS), free }
    this.#open.push(number)
    this.#live++
    return number
  }
}
