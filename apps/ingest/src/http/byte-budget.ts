import { NinesError } from '@nines/kernel'

/**
 * A workspace may hold this many times what is free. So one alone gets two thirds of all, several get equal parts, and
 * there is always room left for a workspace that holds nothing yet (dynamic thresholds, Choudhury and Hahne 1998).
 */
const GREED = 2

/** Bytes that all requests together may hold in memory. */
export class ByteBudget {
  readonly #limit: number
  readonly #held = new Map<number, number>()
  #total = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** The share of one request of a workspace, empty at first. */
  open(workspace: number): ByteShare {
    let share = 0
    let isClosed = false
    const add = (bytes: number) => {
      share += bytes
      this.#total += bytes
      const held = (this.#held.get(workspace) ?? 0) + bytes
      if (held === 0) this.#held.delete(workspace)
      else this.#held.set(workspace, held)
    }
    return {
      room: () => this.#roomFor(workspace),
      take: (bytes) => {
        if (isClosed) throw new NinesError('bad_request', 'the sender went away before it was answered')
        if (bytes > this.#roomFor(workspace))
          throw new NinesError('unavailable', 'too much is being received at once; retry', { retryAfterSeconds: 1 })
        add(bytes)
      },
      give: (bytes) => add(-Math.min(bytes, share)),
      close: () => {
        isClosed = true
        add(-share)
      },
    }
  }

  /** Most bytes x that leave held + x <= GREED * (free - x). */
  #roomFor(workspace: number): number {
    const free = this.#limit - this.#total
    return Math.max(0, Math.floor((GREED * free - (this.#held.get(workspace) ?? 0)) / (1 + GREED)))
  }
}

export interface ByteShare {
  /** Bytes that could be taken now. */
  room(): number
  /**
   * Throws 'unavailable' when the bytes do not fit beside what others hold, and 'bad_request' once the share is closed:
   * work on a request goes on for a moment after its sender hung up, and nobody would give those bytes back.
   */
  take(bytes: number): void
  /** Gives some back. */
  give(bytes: number): void
  /** Gives everything back. */
  close(): void
}
