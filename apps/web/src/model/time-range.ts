import { z } from 'zod'

/** Spans a chart can show; the value stands in the URL. */
export const timeRange = z.enum(['1h', '6h', '24h', '7d', '30d'])
export type TimeRange = z.infer<typeof timeRange>

const SECONDS: Record<TimeRange, number> = { '1h': 3600, '6h': 21_600, '24h': 86_400, '7d': 604_800, '30d': 2_592_000 }

/**
 * The range ending now as RFC 3339 instants, both on a whole step, so that queries of the same minute share a cache
 * entry and a chart does not jitter.
 */
export function rangeQuery(range: TimeRange, now: number): { from: string; to: string } {
  const stepMs = range === '1h' ? 15_000 : 60_000
  const to = Math.ceil(now / stepMs) * stepMs
  return { from: new Date(to - SECONDS[range] * 1000).toISOString(), to: new Date(to).toISOString() }
}

/** Ticks of an axis over [from, to], on round steps of the zone's wall clock offset; at most about `count`. */
export function timeTicks(from: number, to: number, count: number, offsetMs: number): number[] {
  const steps = [60, 300, 600, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 432_000].map((s) => s * 1000)
  const step = steps.find((size) => (to - from) / size <= count) ?? 864_000_000
  const ticks: number[] = []
  for (let at = Math.ceil((from + offsetMs) / step) * step - offsetMs; at <= to; at += step) ticks.push(at)
  return ticks
}
