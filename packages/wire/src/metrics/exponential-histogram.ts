import type { ExponentialHistogramRow } from '../block/block.ts'
import { denseBuckets, mergesNeeded, type SparseBuckets } from './sparse-buckets.ts'

/** An exponential histogram as a message says it, whichever format; the series and its times come apart. */
export interface ExponentialPoint {
  count: number
  sum: number
  min: number
  max: number
  scale: number
  zeroThreshold: number
  zeroCount: number
  positive: SparseBuckets
  negative: SparseBuckets
}

/** OTLP's SDKs choose from these; beyond them no double has a bucket of its own. */
export const MIN_SCALE = -10
export const MAX_SCALE = 20
const INT32_MAX = 2 ** 31 - 1

export type ExponentialRow = Omit<ExponentialHistogramRow, 'series' | 'at' | 'start'>

/**
 * The row of a histogram, or why it cannot have one. Empty buckets at the ends are left out, so that senders that write
 * them and senders that do not get the same row; a side wider than 1,000 buckets is merged to a lower scale.
 */
export function exponentialRow(point: ExponentialPoint): ExponentialRow | string {
  const { scale, zeroThreshold, zeroCount, positive, negative, ...rest } = point
  if (!Number.isInteger(scale) || scale < MIN_SCALE)
    return `the scale of a histogram is ${scale}, at least ${MIN_SCALE} is possible`
  if (!(zeroThreshold >= 0 && zeroThreshold < Infinity)) return 'the zero threshold of a histogram is negative or not finite'
  const merges = Math.max(0, scale - MAX_SCALE, mergesNeeded(positive), mergesNeeded(negative))
  const [above, below] = [denseBuckets(positive, merges), denseBuckets(negative, merges)]
  const edges = [above.offset, above.offset + above.counts.length, below.offset, below.offset + below.counts.length]
  if (scale - merges < MIN_SCALE || edges.some((edge) => Math.abs(edge) > INT32_MAX))
    return 'the buckets of a histogram lie further apart than any values can'
  return {
    ...rest,
    scale: scale - merges,
    zeroThreshold,
    zeroCount,
    positiveOffset: above.offset,
    positiveCounts: above.counts,
    negativeOffset: below.offset,
    negativeCounts: below.counts,
  }
}

/** The row that says that the series of exponential histograms has ended. */
export const STALE_EXPONENTIAL_ROW: ExponentialRow = {
  isStale: true,
  count: 0,
  sum: NaN,
  min: NaN,
  max: NaN,
  scale: 0,
  zeroThreshold: 0,
  zeroCount: 0,
  positiveOffset: 0,
  positiveCounts: [],
  negativeOffset: 0,
  negativeCounts: [],
}

/** Values that a histogram has counted in its buckets. */
export function bucketTotal({ zeroCount, positive, negative }: ExponentialPoint): number {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
  return zeroCount + sum(positive.counts) + sum(negative.counts)
}
