/**
 * An exponential histogram over some window. With base = 2^(2^-scale), bucket i of a side counts values in
 * (base^i, base^(i+1)], mirrored for negative ones; `zeroCount` those within the threshold around zero.
 */
export interface ExponentialHistogram {
  scale: number
  zeroThreshold: number
  zeroCount: number
  positive: ReadonlyMap<number, number>
  negative: ReadonlyMap<number, number>
}

/** A side of an OTLP histogram as a map from bucket to count; empty buckets are left out. */
export function bucketsOf(offset: number, counts: readonly number[]): Map<number, number> {
  const buckets = new Map<number, number>()
  for (const [i, count] of counts.entries()) if (count !== 0) buckets.set(offset + i, count)
  return buckets
}

/** Upper bound of a positive bucket. */
export function upperBound(bucket: number, scale: number): number {
  return 2 ** ((bucket + 1) * 2 ** -scale)
}

/** Observations of both at the coarser scale and the wider threshold of the two. */
export function addExponential(a: ExponentialHistogram, b: ExponentialHistogram): ExponentialHistogram {
  return combine(a, b, (left, right) => left + right)
}

/** Observations that `now` has more than `before`; all of `now` when the histogram began anew. */
export function exponentialIncrease(before: ExponentialHistogram, now: ExponentialHistogram): ExponentialHistogram {
  // A finer scale or a narrower threshold than before is possible only after a new beginning.
  if (now.scale > before.scale || now.zeroThreshold < before.zeroThreshold) return now
  const difference = combine(now, before, (left, right) => left - right)
  const isReset = [difference.zeroCount, ...difference.positive.values(), ...difference.negative.values()].some(
    (count) => count < 0,
  )
  return isReset ? now : difference
}

export function observationsOf({ zeroCount, positive, negative }: ExponentialHistogram): number {
  let sum = zeroCount
  for (const count of positive.values()) sum += count
  for (const count of negative.values()) sum += count
  return sum
}

function combine(
  a: ExponentialHistogram,
  b: ExponentialHistogram,
  join: (left: number, right: number) => number,
): ExponentialHistogram {
  const scale = Math.min(a.scale, b.scale)
  const coarse = [downscaled(a, scale), downscaled(b, scale)]
  const threshold = commonThreshold(coarse, scale)
  const [left, right] = coarse.map((histogram) => withThreshold(histogram, threshold)) as [
    ExponentialHistogram,
    ExponentialHistogram,
  ]
  return {
    scale,
    zeroThreshold: threshold,
    zeroCount: join(left.zeroCount, right.zeroCount),
    positive: joined(left.positive, right.positive, join),
    negative: joined(left.negative, right.negative, join),
  }
}

function joined(
  a: ReadonlyMap<number, number>,
  b: ReadonlyMap<number, number>,
  join: (left: number, right: number) => number,
): Map<number, number> {
  const result = new Map<number, number>()
  for (const bucket of new Set([...a.keys(), ...b.keys()])) {
    const count = join(a.get(bucket) ?? 0, b.get(bucket) ?? 0)
    if (count !== 0) result.set(bucket, count)
  }
  return result
}

function downscaled(histogram: ExponentialHistogram, scale: number): ExponentialHistogram {
  const shift = 2 ** (histogram.scale - scale)
  if (shift === 1) return histogram
  const side = (buckets: ReadonlyMap<number, number>) => {
    const merged = new Map<number, number>()
    for (const [bucket, count] of buckets) {
      const target = Math.floor(bucket / shift)
      merged.set(target, (merged.get(target) ?? 0) + count)
    }
    return merged
  }
  return { ...histogram, scale, positive: side(histogram.positive), negative: side(histogram.negative) }
}

/** The wider threshold, moved out of any bucket that it would cut: that bucket's observations cannot be told apart. */
function commonThreshold(histograms: readonly ExponentialHistogram[], scale: number): number {
  let threshold = Math.max(...histograms.map((histogram) => histogram.zeroThreshold))
  if (histograms.every((histogram) => histogram.zeroThreshold === threshold)) return threshold
  for (const { positive, negative } of histograms)
    for (const bucket of [...positive.keys(), ...negative.keys()])
      if (upperBound(bucket - 1, scale) < threshold && threshold < upperBound(bucket, scale))
        threshold = upperBound(bucket, scale)
  return threshold
}

function withThreshold(histogram: ExponentialHistogram, threshold: number): ExponentialHistogram {
  if (histogram.zeroThreshold === threshold) return histogram
  let { zeroCount } = histogram
  const side = (buckets: ReadonlyMap<number, number>) => {
    const kept = new Map<number, number>()
    for (const [bucket, count] of buckets)
      if (upperBound(bucket, histogram.scale) <= threshold) zeroCount += count
      else kept.set(bucket, count)
    return kept
  }
  const positive = side(histogram.positive)
  const negative = side(histogram.negative)
  return { scale: histogram.scale, zeroThreshold: threshold, zeroCount, positive, negative }
}
