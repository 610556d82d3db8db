import type { MarkedBucket } from '@nines/pipeline'

export interface WaitingBucket extends MarkedBucket {
  /** When it was seen marked first, epoch ms. */
  waitsSince: number
}

/** Remembers since when buckets have been waiting to be computed. */
export class WaitingBuckets {
  #since = new Map<number, number>()

  /** The marked buckets with their times of waiting; those that are marked no longer are forgotten. */
  look(marked: readonly MarkedBucket[], now: number): WaitingBucket[] {
    const looked = marked.map((bucket) => ({ ...bucket, waitsSince: this.#since.get(bucket.start) ?? now }))
    this.#since = new Map(looked.map(({ start, waitsSince }) => [start, waitsSince]))
    return looked
  }
}
