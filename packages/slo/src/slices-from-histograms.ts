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

/** What an SLI needs of an exponential histogram, buckets as in OTLP (see ExponentialShape). */
export interface ExponentialMeasurement {
  at: number
  start: number
  scale: number
  zeroThreshold: number
  zeroCount: number
  positiveOffset: number
  positiveCounts: readonly number[]
  negativeCounts: readonly number[]
  isStale?: boolean
}

/** An exponential histogram as a point. null for a row that only ends its series. */
export function pointFromExponential(row: ExponentialMeasurement): CounterPoint | null {
  if (row.isStale) return null
  const { at, start, scale, zeroThreshold, zeroCount, positiveOffset: offset } = row
  const negative = row.negativeCounts.reduce((sum, count) => sum + count, 0)
  return {
    at,
    start,
    counts: [negative, zeroCount, ...row.positiveCounts],
    bounds: null,
    exponential: { scale, zeroThreshold, offset },
  }
}

export function pointsFromExponentials(rows: readonly ExponentialMeasurement[]): CounterPoint[] {
  return rows.map(pointFromExponential).filter((point) => point !== null)
}
