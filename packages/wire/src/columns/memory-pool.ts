const SMALLEST = 1024
const MAX_KEPT_BYTES = 16 * 1024 * 1024

/**
 * Memory that is used again. Blocks come and go at tens of megabytes a second; memory outside of the JavaScript heap makes
 * the collector run for its sake alone when it is always new. Sizes are powers of two; at most 16 MiB wait to be used.
 */
export class MemoryPool {
  readonly #free = new Map<number, ArrayBuffer[]>()
  #kept = 0

  /** At least so many bytes, with whatever was in them. */
  take(bytes: number): Buffer<ArrayBuffer> {
    let size = SMALLEST
    while (size < bytes) size *= 2
    const free = this.#free.get(size)
    const memory = free?.pop()
    if (!free || !memory) return Buffer.from(new ArrayBuffer(size))
    // Sizes stand in the order of their last use.
    this.#free.delete(size)
    this.#free.set(size, free)
    this.#kept -= size
    return Buffer.from(memory)
  }

  /** Gives memory back that nobody looks at any more: the whole that `take` gave, by any view of it. */
  give({ buffer }: Buffer<ArrayBuffer>): void {
    const size = buffer.byteLength
    this.#makeRoom(size)
    if (this.#kept + size > MAX_KEPT_BYTES) return
    const free = this.#free.get(size)
    if (free) free.push(buffer)
    else this.#free.set(size, [buffer])
    this.#kept += size
  }

  /** Gives up memory of other sizes that were asked for longest ago: what is seldom needed keeps nothing else out. */
  #makeRoom(size: number): void {
    for (const [other, free] of this.#free) {
      if (other === size) continue
      while (this.#kept + size > MAX_KEPT_BYTES && free.pop()) this.#kept -= other
    }
  }
}
