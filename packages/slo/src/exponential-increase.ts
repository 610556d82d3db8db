/**
 * How the counts of an exponential (native) histogram lie in a point: [all observations below zero's bucket, those in it,
 * then one count a positive bucket]. With base = 2^(2^-scale), item i + 2 counts (base^(offset+i), base^(offset+i+1)].
 * Observations below zero need no buckets: they lie below every threshold.
 */
export interface ExponentialShape {
  scale: number
  /** Zero's bucket holds [-zeroThreshold, zeroThreshold]. */
  zeroThreshold: number
  offset: number
}

/** Where the positive buckets begin in the counts. */
const POSITIVE = 2

interface ExponentialCounts {
  counts: readonly number[]
  exponential?: ExponentialShape
}

/** Bound number i of the scale: base^i. Exact where it is a power of two. */
export function boundOf(index: number, scale: number): number {
  return 2 ** (index * 2 ** -scale)
}

/** Number of the highest bound of the scale that is at most the threshold (> 0). */
export function highestBound(threshold: number, scale: number): number {
  let index = Math.floor(Math.log2(threshold) * 2 ** scale)
  // The logarithm is rounded; the bounds decide.
  while (boundOf(index + 1, scale) <= threshold) index++
  while (boundOf(index, scale) > threshold) index--
  return index
}

/**
 * Observations that `current` has more than `previous`, bucket by bucket of `current`, or null when the histogram began
 * anew. Senders of running totals halve their resolution as values spread, and widen zero's bucket: the former buckets are
 * merged the same way first. A finer resolution, a narrower zero or a bucket that lost observations is a new beginning, of
 * all buckets together (as in Prometheus; for explicit bounds it is each count's own).
 */
export function exponentialIncrease(
  { counts: before, exponential: shape }: ExponentialCounts,
  { counts, exponential: now }: ExponentialCounts,
): readonly number[] | null {
  if (!shape || !now || now.scale > shape.scale || now.zeroThreshold < shape.zeroThreshold) return null
  const merged = new Float64Array(counts.length)
  const factor = 2 ** (shape.scale - now.scale)
  for (const [i, count] of before.entries()) {
    if (count === 0) continue
    const target = i < POSITIVE ? i : placeOf(shape.offset + i - POSITIVE, shape.scale, factor, now)
    if (target < 0 || target >= counts.length) return null
    merged[target]! += count
  }
  const increase = counts.map((count, i) => count - merged[i]!)
  return increase.some((count) => count < 0) ? null : increase
}

/** Where a former bucket lies in the counts of `now`; -1 or beyond the end where `now` has none. */
function placeOf(bucket: number, scale: number, factor: number, now: ExponentialShape): number {
  // A bucket that the wider zero cuts is in it as a whole: senders widen up to a bucket's end.
  if (boundOf(bucket, scale) < now.zeroThreshold) return 1
  const place = Math.floor(bucket / factor) - now.offset
  return place < 0 ? -1 : place + POSITIVE
}

/** Observations in buckets that end at or below the threshold (> 0). */
export function observationsUpTo(counts: readonly number[], shape: ExponentialShape, threshold: number): number {
  let sum = counts[0] ?? 0
  if (shape.zeroThreshold <= threshold) sum += counts[1] ?? 0
  const whole = Math.min(counts.length, POSITIVE + highestBound(threshold, shape.scale) - shape.offset)
  for (let i = POSITIVE; i < whole; i++) sum += counts[i]!
  return sum
}
