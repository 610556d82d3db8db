import { NinesError } from '@nines/kernel'

/** Bytes that all requests together may hold in memory. */
export class ByteBudget {
  readonly #limit: number
  #held = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** The share of one request, empty at first. */
  open(): ByteShare {
    let share = 0
    let isClosed = false
    return {
      take: (bytes) => {
        if (isClosed) throw new NinesError('bad_request', 'the sender went away before it was answered')
        if (this.#held + bytes > this.#limit)
          throw new NinesError('unavailable', 'too much is being received at once; retry', { retryAfterSeconds: 1 })
        this.#held += bytes
        share += bytes
      },
      close: () => {
        isClosed = true
        this.#held -= share
        share = 0
      },
    }
  }
}

export interface ByteShare {
  /**
   * Throws 'unavailable' when the bytes do not fit beside what others hold, and 'bad_request' once the share is closed:
   * work on a request goes on for a moment after its sender hung up, and nobody would give those bytes back.
   */
  take(bytes: number): void
  /** Gives everything back. */
  close(): void
}
