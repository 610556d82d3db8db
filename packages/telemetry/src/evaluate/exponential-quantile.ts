import { observationsOf, upperBound, type ExponentialHistogram } from './exponential-histogram.ts'

interface Bucket {
  lower: number
  upper: number
  count: number
}

/**
 * Prometheus' histogram_quantile for native histograms: exponential inside a bucket, linear inside the one around zero,
 * which lies on one side of zero when all other observations do. NaN without observations.
 * https://github.com/prometheus/prometheus/blob/v3.0.0/promql/quantile.go (histogramQuantile)
 */
export function exponentialQuantile(histogram: ExponentialHistogram, quantile: number): number {
  const observations = observationsOf(histogram)
  if (Number.isNaN(quantile)) return NaN
  if (quantile < 0) return -Infinity
  if (quantile > 1) return Infinity
  if (!(observations > 0)) return NaN
  // Counted from the nearer end, so that rounding hurts least.
  const isForward = quantile < 0.5
  const buckets = ascendingBuckets(histogram)
  const rank = (isForward ? quantile : 1 - quantile) * observations
  let counted = 0
  let found: Bucket | undefined
  for (const bucket of isForward ? buckets : buckets.toReversed()) {
    found = bucket
    counted += bucket.count
    if (counted >= rank) break
  }
  if (!found) return NaN
  if (counted < rank) return found.upper
  const within = isForward ? rank - (counted - found.count) : counted - rank
  return interpolate(found, within / found.count)
}

function interpolate({ lower, upper }: Bucket, fraction: number): number {
  if (lower <= 0 && upper >= 0) return lower + (upper - lower) * fraction
  const [logLower, logUpper] = [Math.log2(Math.abs(lower)), Math.log2(Math.abs(upper))]
  if (lower > 0) return 2 ** (logLower + (logUpper - logLower) * fraction)
  return -(2 ** (logUpper + (logLower - logUpper) * (1 - fraction)))
}

/** Buckets with observations, lowest first. */
function ascendingBuckets({ scale, zeroThreshold, zeroCount, positive, negative }: ExponentialHistogram): Bucket[] {
  const side = (buckets: ReadonlyMap<number, number>) =>
    [...buckets]
      .filter(([, count]) => count !== 0)
      .sort(([a], [b]) => a - b)
      .map(([bucket, count]) => ({ lower: upperBound(bucket - 1, scale), upper: upperBound(bucket, scale), count }))
  const [above, below] = [side(positive), side(negative)]
  const zero = {
    lower: below.length === 0 && above.length > 0 ? 0 : -zeroThreshold,
    upper: above.length === 0 && below.length > 0 ? 0 : zeroThreshold,
    count: zeroCount,
  }
  return [
    ...below.toReversed().map(({ lower, upper, count }) => ({ lower: -upper, upper: -lower, count })),
    ...(zeroCount > 0 ? [zero] : []),
    ...above,
  ]
}
