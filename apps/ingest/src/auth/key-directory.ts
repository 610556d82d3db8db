import type { TelemetrySettings } from '@nines/contracts'
import { hashToken, messageOf, NinesError, type Clock } from '@nines/kernel'

/** What a key allows, as PostgreSQL knows it. */
export interface SenderKey {
  keyId: string
  workspaceId: string
  /** Tenant number that telemetry rows carry. */
  workspaceNumber: number
  scopes: readonly string[]
  /** Limits and retention of the workspace. One object until PostgreSQL is asked again. */
  telemetry: TelemetrySettings
}

interface Known {
  key: SenderKey
  /** When PostgreSQL last confirmed the key. */
  confirmedAt: number
  /** When it is to be asked again. */
  askAt: number
}

export interface KeyDirectoryOptions {
  /** Looks a key up by its SHA-256 (hex); null when it is unknown or revoked. */
  find: (keyHash: string) => Promise<SenderKey | null>
  clock: Clock
}

const FRESH_MS = 30_000
const UNKNOWN_FRESH_MS = 5_000
/** How long a key works without PostgreSQL. */
const OUTAGE_MS = 3_600_000
/** Pause before a failed look-up of a known key is tried again. */
const RETRY_MS = 2_000
/** A known key does not wait longer than this for its confirmation. */
const CONFIRM_WAIT_MS = 250
const MAX_UNKNOWN = 10_000

/**
 * Keys by hash, cached: a confirmed key for 30 s, an unknown one for 5 s. While PostgreSQL is away or slow known keys
 * keep working for an hour since their last confirmation; a key that is not known yet is then 'unavailable'.
 */
export class KeyDirectory {
  readonly #find: KeyDirectoryOptions['find']
  readonly #clock: Clock
  readonly #known = new Map<string, Known>()
  readonly #unknown = new Map<string, number>()
  readonly #asking = new Map<string, Promise<SenderKey | null>>()

  constructor({ find, clock }: KeyDirectoryOptions) {
    this.#find = find
    this.#clock = clock
  }

  /** Keys that work right now, with or without PostgreSQL. */
  get size(): number {
    return this.#known.size
  }

  /**
   * The key of a token, or null when there is none; at once where that is known, which is almost always. Rejects with
   * 'unavailable' when nobody can tell.
   */
  lookup(token: string): SenderKey | null | Promise<SenderKey | null> {
    const hash = hashToken(token)
    const now = this.#clock.now()
    const known = this.#known.get(hash)
    if (known && now < known.askAt) return known.key
    if (!known && now < (this.#unknown.get(hash) ?? 0)) return null
    return this.#lookUp(hash, known, now)
  }

  async #lookUp(hash: string, known: Known | undefined, now: number): Promise<SenderKey | null> {
    const answer = this.#ask(hash)
    if (known && now - known.confirmedAt < OUTAGE_MS) return promptly(answer, known.key)
    try {
      return await answer
    } catch (error) {
      throw new NinesError('unavailable', 'the key cannot be checked right now', { retryAfterSeconds: 5, cause: error })
    }
  }

  /** Every key is looked up again before its next use: keys were made or revoked, or limits were changed. */
  invalidate(): void {
    this.#unknown.clear()
    for (const known of this.#known.values()) known.askAt = 0
  }

  /** One question at a time for each key, however many requests wait for it. */
  #ask(hash: string): Promise<SenderKey | null> {
    const pending = this.#asking.get(hash)
    if (pending) return pending
    const asked = this.#askOnce(hash).finally(() => this.#asking.delete(hash))
    this.#asking.set(hash, asked)
    return asked
  }

  async #askOnce(hash: string): Promise<SenderKey | null> {
    try {
      const key = await this.#find(hash)
      this.#learn(hash, key)
      return key
    } catch (error) {
      const known = this.#known.get(hash)
      if (known) known.askAt = this.#clock.now() + RETRY_MS
      throw new Error(`looking up a key: ${messageOf(error)}`, { cause: error })
    }
  }

  #learn(hash: string, key: SenderKey | null): void {
    const now = this.#clock.now()
    if (key) {
      this.#unknown.delete(hash)
      this.#known.set(hash, { key, confirmedAt: now, askAt: now + FRESH_MS })
      return
    }
    this.#known.delete(hash)
    // Somebody who tries keys must not fill the memory.
    if (this.#unknown.size >= MAX_UNKNOWN) this.#unknown.clear()
    this.#unknown.set(hash, now + UNKNOWN_FRESH_MS)
  }
}

/** The answer when it comes soon, else what was known before. */
async function promptly(answer: Promise<SenderKey | null>, before: SenderKey): Promise<SenderKey | null> {
  let timer: NodeJS.Timeout | undefined
  const impatience = new Promise<SenderKey>((resolve) => {
    timer = setTimeout(() => resolve(before), CONFIRM_WAIT_MS)
  })
  try {
    return await Promise.race([answer, impatience])
  } catch {
    return before
  } finally {
    // The answer may still fail after nobody waits for it any more.
    answer.catch(() => undefined)
    clearTimeout(timer)
  }
}
