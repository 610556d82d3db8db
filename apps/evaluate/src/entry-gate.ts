import { compareEntryIds } from './entry-id.ts'

/** Where an entry was read: its shard, and its id there. */
export interface EntryPlace {
  shard: number
  id: string
}

/**
 * Lets every entry of the stream through once for one SLO. Entries pass in two ways: as the follower takes them, and, from
 * the oldest one on, when the SLO catches up on what the follower had taken before; the two meet somewhere and overlap,
 * and catching up may begin again. Points of series need no gate, for a repeat of one counts nothing.
 */
export class EntryGate {
  /** By shard: the first entry that the follower brought, and the last that was caught up on. */
  readonly #followedFrom = new Map<number, string>()
  readonly #caughtUpTo = new Map<number, string>()

  admits({ shard, id }: EntryPlace, isCatchingUp: boolean): boolean {
    if (compareEntryIds(id, this.#caughtUpTo.get(shard) ?? '0-0') <= 0) return false
    const followedFrom = this.#followedFrom.get(shard)
    if (!isCatchingUp) {
      if (followedFrom === undefined) this.#followedFrom.set(shard, id)
      return true
    }
    if (followedFrom !== undefined && compareEntryIds(id, followedFrom) >= 0) return false
    this.#caughtUpTo.set(shard, id)
    return true
  }
}
