import { NinesError } from '@nines/kernel'

/** Bytes that all requests together may hold in memory. */
export class ByteBudget {
  readonly #limit: number
  #held = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Throws 'unavailable' when the bytes do not fit beside what others hold. */
  take(bytes: number): void {
    if (this.#held + bytes > this.#limit)
      throw new NinesError('unavailable', 'too much is being received at once; retry', { retryAfterSeconds: 1 })
    this.#held += bytes
  }

  release(bytes: number): void {
    this.#held -= bytes
  }
}
