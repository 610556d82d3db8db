/**
 * Buckets of span durations. The scale never changes, so that histograms of any split of the spans add up to the histogram
 * of all: 8 buckets for each doubling, each 9 % wide, as Prometheus has with a growth factor of 1.1.
 */
export const DURATION_SCALE = 3
const PER_DOUBLING = 2 ** DURATION_SCALE
const NANOS_PER_SECOND = 1e9
/** No duration but 0 is below one nanosecond, and none is above 2^64. */
const LEAST_INDEX = bucketOf(1)
const INDEXES = bucketOf(2 ** 64) - LEAST_INDEX + 1

/** Index of the bucket (base^index, base^(index+1)] of seconds that holds a duration above 0, in nanoseconds. */
export function bucketOf(nanos: number): number {
  return Math.ceil(Math.log2(nanos / NANOS_PER_SECOND) * PER_DOUBLING) - 1
}

/** Makes counts of a list of bucket indexes; one serves all histograms of a batch in turn. */
export class BucketCounter {
  readonly #counts = new Uint32Array(INDEXES)

  /** Index of the first bucket that is not empty, and the counts from it to the last one. */
  count(indexes: readonly number[]): { offset: number; counts: number[] } {
    if (indexes.length === 0) return { offset: 0, counts: [] }
    const all = this.#counts
    let least = INDEXES
    let most = 0
    for (const index of indexes) {
      const place = index - LEAST_INDEX
      all[place]!++
      if (place < least) least = place
      if (place > most) most = place
    }
    const counts = Array.from(all.subarray(least, most + 1))
    all.fill(0, least, most + 1)
    return { offset: least + LEAST_INDEX, counts }
  }
}
