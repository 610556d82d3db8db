/** The buckets of one side of an exponential histogram that count anything, by ascending index as in OTLP. */
export interface SparseBuckets {
  /** With base = 2^(2^-scale), bucket i counts values in (base^i, base^(i+1)]. */
  indexes: number[]
  counts: number[]
}

/** Buckets one after the other from an index on. */
export interface DenseBuckets {
  offset: number
  counts: number[]
}

/** Buckets of a side from the first to the last that counts anything; wider ones are merged pair by pair. */
export const MAX_BUCKETS_OF_SIDE = 1_000

/** The non-empty ones of buckets that follow each other from `offset` on. */
export function sparseBuckets({ offset, counts }: DenseBuckets): SparseBuckets {
  const sparse: SparseBuckets = { indexes: [], counts: [] }
  for (const [i, count] of counts.entries()) {
    if (count === 0) continue
    sparse.indexes.push(offset + i)
    sparse.counts.push(count)
  }
  return sparse
}

/** How many times pairs of buckets must be merged until the side is narrow enough. */
export function mergesNeeded({ indexes }: SparseBuckets): number {
  if (indexes.length === 0) return 0
  const [first, last] = [indexes[0]!, indexes[indexes.length - 1]!]
  let merges = 0
  while (merged(last, merges) - merged(first, merges) >= MAX_BUCKETS_OF_SIDE) merges++
  return merges
}

/** The side with every 2^merges buckets merged into one, as at a scale that is lower by `merges`; counts stay exact. */
export function denseBuckets({ indexes, counts }: SparseBuckets, merges: number): DenseBuckets {
  if (indexes.length === 0) return { offset: 0, counts: [] }
  const offset = merged(indexes[0]!, merges)
  const dense = Array.from({ length: merged(indexes[indexes.length - 1]!, merges) - offset + 1 }, () => 0)
  for (const [i, index] of indexes.entries()) dense[merged(index, merges) - offset]! += counts[i]!
  return { offset, counts: dense }
}

function merged(index: number, merges: number): number {
  return Math.floor(index / 2 ** merges)
}
