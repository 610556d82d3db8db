import type { Logger } from '@nines/kernel'
import { messageOf } from '@nines/kernel'
import type { BlockStream } from '@nines/pipeline'
import { pause } from './pause.ts'

/** A dead owner is replaced after at most this time plus the standby's next try. */
const LEASE_TTL_MS = 5000
const RENEW_EVERY_MS = 1500

/**
 * The right to store a shard, held by one process at a time. `lost` fires when it can no longer be sure to hold it: the
 * lease passed on, or it could not be renewed for its whole length. Redis refuses whatever a former owner still tries,
 * so losing it late costs work and never rows.
 */
export class ShardLease {
  readonly #stream: BlockStream
  readonly #shard: number
  readonly #owner: string
  readonly #logger: Logger
  readonly #lost = new AbortController()
  readonly #released = new AbortController()
  readonly #renewing: Promise<void>

  private constructor(stream: BlockStream, shard: number, owner: string, logger: Logger) {
    this.#stream = stream
    this.#shard = shard
    this.#owner = owner
    this.#logger = logger
    this.#renewing = this.#renewForever()
  }

  /** The lease, or null while another process holds it. */
  static async acquire(stream: BlockStream, shard: number, owner: string, logger: Logger): Promise<ShardLease | null> {
    const isOurs = await stream.acquireLease(shard, owner, LEASE_TTL_MS)
    return isOurs ? new ShardLease(stream, shard, owner, logger) : null
  }

  get lost(): AbortSignal {
    return this.#lost.signal
  }

  /** Hands the shard on at once, when Redis answers; otherwise the lease runs out by itself. */
  async release(): Promise<void> {
    this.#released.abort()
    await this.#renewing
    await this.#stream.releaseLease(this.#shard, this.#owner).catch((error: unknown) => {
      this.#logger.warn({ shard: this.#shard, error: messageOf(error) }, 'the lease could not be released')
    })
  }

  async #renewForever(): Promise<void> {
    let heldUntil = performance.now() + LEASE_TTL_MS
    for (;;) {
      await pause(RENEW_EVERY_MS, this.#released.signal)
      if (this.#released.signal.aborted) return
      const askedAt = performance.now()
      const isHeld = await this.#stream.renewLease(this.#shard, this.#owner, LEASE_TTL_MS).catch(() => undefined)
      if (isHeld) heldUntil = askedAt + LEASE_TTL_MS
      if (isHeld === false || performance.now() >= heldUntil) {
        this.#logger.warn({ shard: this.#shard }, 'the lease of the shard is lost')
        this.#lost.abort()
        return
      }
    }
  }
}
