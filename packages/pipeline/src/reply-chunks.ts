import { freeMemory } from '@nines/kernel'
import type { Redis } from 'ioredis'

/**
 * The pieces in which large replies of a connection come out of its socket. ioredis copies out of them; by themselves they
 * stay until the collector comes, which is after hundreds of megabytes.
 */
export class ReplyChunks {
  readonly #chunks: Buffer[] = []
  #reading = 0
  #isAlone = false

  constructor(redis: Redis) {
    // ioredis puts its own listener before all others: what comes here has been parsed.
    redis.on('connect', () => {
      redis.stream.on('data', (chunk: Buffer) => {
        if (this.#reading > 0) this.#chunks.push(chunk)
      })
    })
  }

  /**
   * Runs a command and gives the memory of its reply back, unless another one is under way on the connection. `take` has to
   * copy what it needs of values that lie in one piece (`ownMemory` does).
   */
  async freeing<T, R>(ask: () => Promise<T>, take: (reply: T) => R): Promise<R> {
    this.#isAlone = this.#reading++ === 0
    try {
      const taken = take(await ask())
      if (this.#isAlone) this.#chunks.forEach(freeMemory)
      return taken
    } finally {
      if (--this.#reading === 0) this.#chunks.length = 0
    }
  }
}

/** The value itself where it has memory of its own, else a copy that has. */
export function ownMemory(value: Buffer): Buffer {
  if (value.buffer.byteLength === value.length) return value
  const copy = Buffer.from(new ArrayBuffer(value.length))
  copy.set(value)
  return copy
}
