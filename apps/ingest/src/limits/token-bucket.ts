/** How long a burst may exceed the rate after a time of silence. */
const BURST_SECONDS = 5

/**
 * A rate that holds on average. What something costs is known only once it is done, so a bucket may go into debt; until
 * that is paid nothing more is let in. A single request that is larger than any burst passes therefore, and is paid for
 * by the wait behind it.
 */
export class TokenBucket {
  #perSecond: number
  #tokens: number
  #at: number

  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond
    this.#tokens = perSecond * BURST_SECONDS
    this.#at = now
  }

  /** Changes the rate from now on. */
  setRate(perSecond: number, now: number): void {
    if (perSecond === this.#perSecond) return
    this.#refill(now)
    this.#perSecond = perSecond
    this.#tokens = Math.min(this.#tokens, perSecond * BURST_SECONDS)
  }

  /** Seconds until something may be let in, 0 when it may be now. */
  waitSeconds(now: number): number {
    this.#refill(now)
    return this.#tokens > 0 ? 0 : Math.max(-this.#tokens / this.#perSecond, 0.001)
  }

  charge(tokens: number, now: number): void {
    this.#refill(now)
    this.#tokens -= tokens
  }

  #refill(now: number): void {
    const seconds = Math.max(0, now - this.#at) / 1_000
    this.#tokens = Math.min(this.#perSecond * BURST_SECONDS, this.#tokens + seconds * this.#perSecond)
    this.#at = now
  }
}
