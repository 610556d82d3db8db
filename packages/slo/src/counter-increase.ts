import type { Temporality } from '@nines/contracts'
import { exponentialIncrease, type ExponentialShape } from './exponential-increase.ts'

/**
 * One measurement of one series as a vector of event counts: one number for a counter, one a bucket for a histogram,
 * passed and failed for a check. Instants are epoch ms.
 */
export interface CounterPoint {
  at: number
  /** Start of the running total or of the delta interval; 0 when unknown. */
  start: number
  counts: readonly number[]
  /** Upper bounds of a histogram's buckets, without +Inf; null for everything else. */
  bounds: readonly number[] | null
  /** How the counts of an exponential histogram lie; such a point has no bounds. */
  exponential?: ExponentialShape
}

/** A series' first point counts as a whole when its counter began at most this long before: it began in sight. */
export const IN_SIGHT_MS = 5 * 60_000

/**
 * Events that happened between two consecutive points of a series, attributed to the minute of `current`; they lie as the
 * counts of `current` do.
 *
 * Deltas: the counts themselves. Running totals: the difference; after a restart (both starts known and the later one
 * newer, other bucket bounds, or, count by count, a total that went down) everything counted since. A newer start that
 * lies before the former point is none: senders that compute it as "now less uptime" tremble by milliseconds, and each
 * push would count the whole total again. The first point of
 * a series (previous null) counts only when the counter began in sight; otherwise it is the baseline.
 * Differs from Prometheus' increase(), which extrapolates to the edges of a window.
 */
export function counterIncrease(
  previous: CounterPoint | null,
  current: CounterPoint,
  temporality: Temporality,
): readonly number[] {
  if (temporality === 'delta') return current.counts
  if (previous === null) return beganInSight(current) ? current.counts : current.counts.map(() => 0)
  if (restarted(previous, current)) return current.counts
  if (current.exponential) return exponentialIncrease(previous, current) ?? current.counts
  return current.counts.map((count, i) => {
    const before = previous.counts[i] ?? 0
    return count < before ? count : count - before
  })
}

function beganInSight(point: CounterPoint): boolean {
  return point.start > 0 && point.start <= point.at && point.at - point.start <= IN_SIGHT_MS
}

function restarted(previous: CounterPoint, current: CounterPoint): boolean {
  const isNewer = previous.start > 0 && current.start > previous.start
  return (isNewer && current.start >= previous.at) || !sameBounds(previous.bounds, current.bounds)
}

function sameBounds(a: readonly number[] | null, b: readonly number[] | null): boolean {
  if (a === b) return true
  if (a === null || b === null || a.length !== b.length) return false
  return a.every((bound, i) => bound === b[i])
}
