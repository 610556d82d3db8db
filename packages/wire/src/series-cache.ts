import type { SeriesDefinition } from '@nines/contracts'
import { canonicalIdentity, hashIdentity } from './series-id.ts'
import { ByteKeyMap, type ByteSpan } from './byte-key-map.ts'
import { RecentMap } from './recent-map.ts'

/** A series that this process has seen. One object for each workspace and id, shared by all builders. */
export interface CachedSeries {
  readonly id: bigint
  readonly identity: string
  definition: SeriesDefinition
  /** When a block with the definition was last appended, epoch ms; 0 when never. */
  announcedAt: number
}

export interface SeriesCacheOptions {
  /** Series to remember (default 500,000). A forgotten one is announced again when it returns. */
  limit?: number
  /** Computes the id of an identity; tests force collisions with it. */
  hash?: (identity: string) => bigint
}

/** Knows the series of all workspaces: finds them by the bytes they came in, or by their identity. */
export class SeriesCache {
  readonly #byId: RecentMap<string, CachedSeries>
  readonly #byKey: ByteKeyMap<CachedSeries>
  readonly #contexts: RecentMap<string, number>
  readonly #hash: (identity: string) => bigint
  #nextContext = 1

  constructor({ limit = 500_000, hash = hashIdentity }: SeriesCacheOptions = {}) {
    this.#byId = new RecentMap(limit)
    this.#byKey = new ByteKeyMap(limit)
    this.#contexts = new RecentMap(Math.ceil(limit / 5) + 2)
    this.#hash = hash
  }

  /** A short number for a long key, the same as long as the key is remembered and never used for another. */
  contextNumber(key: string): number {
    const known = this.#contexts.get(key)
    if (known !== undefined) return known
    const made = this.#nextContext++
    this.#contexts.set(key, made)
    return made
  }

  /** The series that was remembered for these bytes in this context. */
  recall(context: number, key: ByteSpan): CachedSeries | undefined {
    return this.#byKey.get(context, key)
  }

  /** Lets `recall` find the series by bytes that, in this context, stand for its identity. */
  remember(context: number, key: ByteSpan, series: CachedSeries): void {
    this.#byKey.set(context, key, series)
  }

  /** The series of a definition, new or known; null when another series of the workspace has the same id. */
  resolve(workspace: number, definition: Omit<SeriesDefinition, 'id'>): CachedSeries | null {
    const identity = canonicalIdentity(definition)
    const id = this.#hash(identity)
    const key = `${workspace}:${id}`
    const known = this.#byId.get(key)
    if (!known) {
      const made = { id, identity, definition: { id: id.toString(), ...definition }, announcedAt: 0 }
      this.#byId.set(key, made)
      return made
    }
    if (known.identity !== identity) return null
    const { unit, description } = definition
    // Travels with the next announcement; it changes too seldom to be worth one of its own.
    if (known.definition.unit !== unit || known.definition.description !== description)
      known.definition = { ...known.definition, unit, description }
    return known
  }
}
