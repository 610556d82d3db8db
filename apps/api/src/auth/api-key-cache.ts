import type { Clock } from '@nines/kernel'
import type { KnownApiKey } from '@nines/records'

const FRESH_MS = 5_000
const MAX_KEYS = 10_000

interface Remembered {
  key: KnownApiKey
  until: number
}

/**
 * API keys that PostgreSQL confirmed in the last five seconds, so that a dashboard's many requests ask for theirs once. A
 * revoked key ends at once where the change is heard of, else with its five seconds; unknown keys are asked for each time.
 */
export class ApiKeyCache {
  readonly #find: (keyHash: string) => Promise<KnownApiKey | null>
  readonly #clock: Clock
  readonly #known = new Map<string, Remembered>()
  /** Goes up when keys change, so that an answer that was on its way then is not kept. */
  #version = 0

  constructor(find: (keyHash: string) => Promise<KnownApiKey | null>, clock: Clock) {
    this.#find = find
    this.#clock = clock
  }

  /** The unrevoked key whose SHA-256 (hex) is given, or null. */
  async find(keyHash: string): Promise<KnownApiKey | null> {
    const known = this.#known.get(keyHash)
    if (known && this.#clock.now() < known.until) return known.key
    const version = this.#version
    const key = await this.#find(keyHash)
    this.#known.delete(keyHash)
    if (key && version === this.#version) {
      if (this.#known.size >= MAX_KEYS) this.#known.clear()
      this.#known.set(keyHash, { key, until: this.#clock.now() + FRESH_MS })
    }
    return key
  }

  /** Keys were made or revoked. */
  forget(): void {
    this.#version++
    this.#known.clear()
  }
}
