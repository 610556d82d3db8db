import type { CounterPoint } from './counter-increase.ts'

/** What an SLI needs of an explicit-bounds histogram: one more count than bounds, not cumulative over buckets. */
export interface HistogramMeasurement {
  at: number
  start: number
  bounds: readonly number[]
  bucketCounts: readonly number[]
  /** The row says that the series has ended and counts nothing. */
  isStale?: boolean
}

/** A histogram as a point: a count a bucket. null for a row that only ends its series: that is no restart. */
export function pointFromHistogram(row: HistogramMeasurement): CounterPoint | null {
  return row.isStale ? null : { at: row.at, start: row.start, counts: row.bucketCounts, bounds: row.bounds }
}

export function pointsFromHistograms(rows: readonly HistogramMeasurement[]): CounterPoint[] {
  return rows.map(pointFromHistogram).filter((point) => point !== null)
}
