/** An explicit-bounds histogram over some window. `counts` are not cumulative and one more than the bounds. */
export interface ExplicitHistogram {
  bounds: readonly number[]
  counts: readonly number[]
}

/**
 * Prometheus' histogram_quantile for classic buckets: linear inside a bucket, whose lowest starts at zero when its bound is
 * positive; the highest finite bound for ranks in the last bucket. NaN without observations or finite bounds.
 * https://github.com/prometheus/prometheus/blob/v3.0.0/promql/quantile.go (bucketQuantile)
 */
export function explicitQuantile({ bounds, counts }: ExplicitHistogram, quantile: number): number {
  if (Number.isNaN(quantile)) return NaN
  if (quantile < 0) return -Infinity
  if (quantile > 1) return Infinity
  if (bounds.length === 0) return NaN
  const observations = counts.reduce((sum, count) => sum + count, 0)
  if (!(observations > 0)) return NaN
  const rank = quantile * observations
  let below = 0
  for (const [i, bound] of bounds.entries()) {
    const count = counts[i]!
    if (below + count < rank) {
      below += count
      continue
    }
    if (i === 0 && bound <= 0) return bound
    const lower = i === 0 ? 0 : bounds[i - 1]!
    return lower + (bound - lower) * ((rank - below) / count)
  }
  return bounds.at(-1)!
}

/** Observations of both. Where bounds differ only those that both have remain, so that no count is guessed. */
export function addExplicit(a: ExplicitHistogram, b: ExplicitHistogram): ExplicitHistogram {
  const [left, right] = alike(a, b)
  return { bounds: left.bounds, counts: left.counts.map((count, i) => count + right.counts[i]!) }
}

/** Observations that `now` has more than `before`; all of `now` when the histogram began anew or changed its bounds. */
export function explicitIncrease(before: ExplicitHistogram, now: ExplicitHistogram): ExplicitHistogram {
  if (!sameBounds(before, now)) return now
  const counts = now.counts.map((count, i) => count - before.counts[i]!)
  return counts.some((count) => count < 0) ? now : { bounds: now.bounds, counts }
}

function alike(a: ExplicitHistogram, b: ExplicitHistogram): [ExplicitHistogram, ExplicitHistogram] {
  if (sameBounds(a, b)) return [a, b]
  const common = a.bounds.filter((bound) => b.bounds.includes(bound))
  return [coarsened(a, common), coarsened(b, common)]
}

function coarsened({ bounds, counts }: ExplicitHistogram, kept: readonly number[]): ExplicitHistogram {
  const sums = Array.from({ length: kept.length + 1 }, () => 0)
  let bucket = 0
  for (const [i, count] of counts.entries()) {
    sums[bucket]! += count
    if (i < bounds.length && bounds[i] === kept[bucket]) bucket++
  }
  return { bounds: kept, counts: sums }
}

function sameBounds(a: ExplicitHistogram, b: ExplicitHistogram): boolean {
  return a.bounds.length === b.bounds.length && a.bounds.every((bound, i) => bound === b.bounds[i])
}
