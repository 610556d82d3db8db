/** Both clocks of this machine, ms. */
export interface Instant {
  /** Never set back, but in some machines it stands still while they sleep. */
  monotonic: number
  /** Epoch ms. */
  wall: number
}

/**
 * Until when a replica may speak and write for its share. The others take the share over once they have not heard of it
 * for so long; one that was stopped, slept or was cut off meanwhile would act beside its successor, on what it knew
 * before. It counts from the moment before the beat was sent, so it always ends here before it ends there.
 */
export class ShareLease {
  readonly #lengthMs: number
  #renewedAt: Instant | undefined
  #lapsedAt: Instant | undefined

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs
  }

  isHeldAt(now: Instant): boolean {
    return this.#renewedAt !== undefined && this.#ageAt(this.#renewedAt, now) < this.#lengthMs
  }

  /**
   * A beat that was sent at the instant has been answered now. True when the lease before had run out before this
   * answer: then somebody else may have acted for the share meanwhile.
   */
  renew(sentAt: Instant, answeredAt: Instant): boolean {
    const hasLapsed = this.#renewedAt !== undefined && !this.isHeldAt(answeredAt)
    if (hasLapsed) this.#lapsedAt = answeredAt
    this.#renewedAt = sentAt
    return hasLapsed
  }

  /**
   * Whether this replica can tell dead ones from those that the same outage kept silent: one that is new here, or that
   * was heard without a break for the length of a lease.
   */
  mayBuryAt(now: Instant): boolean {
    if (this.#renewedAt === undefined) return true
    if (!this.isHeldAt(now)) return false
    return this.#lapsedAt === undefined || this.#ageAt(this.#lapsedAt, now) >= this.#lengthMs
  }

  /** By the clock that moved further: a sleeping machine stops one, a person sets the other. */
  #ageAt(since: Instant, now: Instant): number {
    return Math.max(now.monotonic - since.monotonic, now.wall - since.wall)
  }
}

export function instantNow(): Instant {
  return { monotonic: performance.now(), wall: Date.now() }
}
