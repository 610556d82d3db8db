import type { HistogramRow } from '../block/block.ts'

/** What a point says of itself; the series and its times come apart. */
export type HistogramPoint = Omit<HistogramRow, 'series' | 'at' | 'start'>

export const MAX_BUCKETS = 1_000

/** The row that says that the series of histograms has ended. */
export const STALE_HISTOGRAM_ROW: HistogramPoint = {
  isStale: true,
  count: 0,
  sum: NaN,
  min: NaN,
  max: NaN,
  bounds: [],
  bucketCounts: [0],
}

/** Why the buckets of a histogram contradict each other or its count; empty when they do not. */
export function histogramFault({ count, bounds, bucketCounts }: HistogramPoint): string {
  if (bucketCounts.length === 0 && bounds.length === 0) return ''
  const fault = boundsFault(bounds, bucketCounts.length)
  if (fault) return fault
  const sum = bucketCounts.reduce((total, bucket) => total + bucket, 0)
  return sum === count ? '' : 'the count of a histogram is not the sum of its bucket counts'
}

export function boundsFault(bounds: readonly number[], buckets: number): string {
  if (buckets > MAX_BUCKETS) return `a histogram has more than ${MAX_BUCKETS} buckets`
  if (buckets !== bounds.length + 1)
    return `a histogram has ${buckets} bucket counts for ${bounds.length} bounds, it needs one more than bounds`
  if (!bounds.every((bound, i) => Number.isFinite(bound) && (i === 0 || bound > bounds[i - 1]!)))
    return 'the bounds of a histogram are not finite and ascending'
  return ''
}
