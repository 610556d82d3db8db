import { SEVERITIES, type LogSeverity } from './log-severity.ts'
import type { Span } from './span-search.ts'

/** One bar: records by severity in [at, at + step). */
export type LogBucket = { at: number } & Record<LogSeverity, number>

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400]

/** A round step, seconds, that cuts the span into `bars` bars or somewhat fewer. */
export function bucketSeconds({ from, to }: Span, bars = 72): number {
  const exact = (to - from) / 1000 / bars
  return STEPS.find((step) => step >= exact) ?? Math.ceil(exact / 86_400) * 86_400
}

/** All bars of the span, also the empty ones, which the API leaves out. */
export function fillBuckets(
  items: readonly { at: number; counts: Readonly<Record<string, number>> }[],
  { from, to }: Span,
  stepSeconds: number,
): LogBucket[] {
  const stepMs = stepSeconds * 1000
  const known = new Map(items.map(({ at, counts }) => [at, counts]))
  const buckets: LogBucket[] = []
  for (let at = Math.floor(from / stepMs) * stepMs; at < to; at += stepMs) {
    const counts = known.get(at) ?? {}
    const own = Object.fromEntries(SEVERITIES.map((severity) => [severity, counts[severity] ?? 0]))
    buckets.push({ at, ...(own as Record<LogSeverity, number>) })
  }
  return buckets
}

export function countBuckets(buckets: readonly LogBucket[]): Record<LogSeverity, number> & { all: number } {
  const sums = Object.fromEntries(
    SEVERITIES.map((severity) => [severity, buckets.reduce((sum, bucket) => sum + bucket[severity], 0)]),
  ) as Record<LogSeverity, number>
  return { ...sums, all: SEVERITIES.reduce((sum, severity) => sum + sums[severity], 0) }
}
