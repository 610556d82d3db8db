import type { BucketBook, BucketKind } from '@nines/pipeline'
import type { Block } from '@nines/wire'
import { touchedBuckets } from './touched-buckets.ts'

export const FIVE_MINUTES_MS = 300_000
export const HOUR_MS = 3_600_000
export const MINUTE_MS = 60_000

/**
 * An increase is counted from the sample before the bucket, up to an hour back: a late sample changes that of the next
 * one, which may lie in any bucket of the hour that follows.
 */
const LATE_AFTER_MS = FIVE_MINUTES_MS
const REACH_MS = HOUR_MS

/** Starts (epoch ms) of the buckets that rows lie in. */
export interface Touched {
  samples: ReadonlySet<number>
  edges: ReadonlySet<number>
}

export function touchedBy(blocks: readonly Block[]): Touched {
  return {
    samples: touchedBuckets(blocks, 'samples', FIVE_MINUTES_MS),
    edges: touchedBuckets(blocks, 'spans', MINUTE_MS, 'end'),
  }
}

/** Buckets that rows change, by what is summed up from them. */
export function bucketsOf(touched: Touched, now: number): Map<BucketKind, number[]> {
  const samples = new Set(touched.samples)
  const late = [...samples].filter((start) => start <= now - LATE_AFTER_MS)
  for (const start of late)
    for (let next = start; next <= Math.min(start + REACH_MS, now); next += FIVE_MINUTES_MS) samples.add(next)
  return new Map([
    ['fiveMinutes', [...samples]],
    ['edges', [...touched.edges]],
  ])
}

/** Notes the buckets. To be done before rows are inserted and again after, so that no sum is trusted that misses them. */
export async function markBuckets(book: BucketBook, shard: number, buckets: Map<BucketKind, number[]>): Promise<void> {
  for (const [kind, starts] of buckets) if (starts.length > 0) await book.mark(shard, kind, starts)
}
