import type { CounterPoint } from './counter-increase.ts'

/** What an SLI needs of an explicit-bounds histogram: one more count than bounds, not cumulative over buckets. */
export interface HistogramMeasurement {
  at: number
  start: number
  bounds: readonly number[]
  bucketCounts: readonly number[]
}

/** A histogram as a point: a count a bucket. */
export function pointFromHistogram(row: HistogramMeasurement): CounterPoint {
  return { at: row.at, start: row.start, counts: row.bucketCounts, bounds: row.bounds }
}
