import { boundsFault, type HistogramPoint } from '../metrics/explicit-histogram.ts'
import { exponentialRow, type ExponentialRow } from '../metrics/exponential-histogram.ts'
import type { SparseBuckets } from '../metrics/sparse-buckets.ts'
import { bucketsOfSpans } from './native-buckets.ts'
import type { NativeHistogram } from './native-histogram.ts'

/** Schemas that Prometheus knows; those above 8 it stores at a lower resolution, here they are kept as far as possible. */
const MIN_SCHEMA = -9
const MAX_SCHEMA = 52

/** The row of a native histogram with an exponential schema, or why it is refused. */
export function exponentialRowOf(histogram: NativeHistogram): ExponentialRow | string {
  const { schema, isFloat, count, sum, zeroThreshold, zeroCount, customValues } = histogram
  if (schema < MIN_SCHEMA || schema > MAX_SCHEMA) return `the schema of a histogram is ${schema}, which is not known`
  if (customValues.length > 0) return 'a histogram with an exponential schema has custom bounds'
  const positive = bucketsOfSpans(histogram.positive, isFloat)
  const negative = bucketsOfSpans(histogram.negative, isFloat)
  if (typeof positive === 'string') return positive
  if (typeof negative === 'string') return negative
  if (!(zeroCount >= 0)) return 'the zero bucket of a histogram has a negative count'
  const fault = countFault(histogram, zeroCount + totalOf(positive) + totalOf(negative))
  if (fault) return fault
  const sides = { positive: lowerBased(positive), negative: lowerBased(negative) }
  return exponentialRow({ count, sum, min: NaN, max: NaN, scale: schema, zeroThreshold, zeroCount, ...sides })
}

/** The row of a native histogram with custom bounds: an explicit one. */
export function explicitRowOf(histogram: NativeHistogram): HistogramPoint | string {
  const { isFloat, count, sum, zeroCount, zeroThreshold, negative, customValues } = histogram
  if (zeroCount !== 0 || zeroThreshold !== 0) return 'a histogram with custom bounds has a zero bucket'
  if (negative.spans.length + negative.deltas.length + negative.counts.length > 0)
    return 'a histogram with custom bounds has negative buckets'
  const boundFault = boundsFault(customValues, customValues.length + 1)
  if (boundFault) return boundFault
  const buckets = bucketsOfSpans(histogram.positive, isFloat)
  if (typeof buckets === 'string') return buckets
  const bucketCounts = Array.from({ length: customValues.length + 1 }, () => 0)
  for (const [i, index] of buckets.indexes.entries()) {
    if (index < 0 || index > customValues.length) return 'a histogram has counts in buckets that its bounds do not make'
    bucketCounts[index] = buckets.counts[i]!
  }
  const whole = isFloat ? [count, ...bucketCounts].every((value) => Number.isSafeInteger(value)) : true
  if (!whole) return 'a histogram with custom bounds has counts that are no whole numbers'
  return (
    countFault(histogram, totalOf(buckets)) || { count, sum, min: NaN, max: NaN, bounds: customValues, bucketCounts }
  )
}

/** OTLP's index of a bucket is that of its lower bound, Prometheus' that of its upper. */
function lowerBased({ indexes, counts }: SparseBuckets): SparseBuckets {
  return { indexes: indexes.map((index) => index - 1), counts }
}

function totalOf({ counts }: SparseBuckets): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Measurements of NaN are counted in no bucket and make the sum NaN. Counts of float histograms carry rounding errors. */
function countFault({ isFloat, count, sum }: NativeHistogram, total: number): string {
  if (!(count >= 0 && count < Infinity)) return 'the count of a histogram is negative or not finite'
  if (isFloat) return Number.isFinite(total) ? '' : 'a bucket has a count that is not finite'
  if (Number.isNaN(sum) ? count >= total : count === total) return ''
  return 'the count of a histogram is not the sum of its bucket counts'
}
