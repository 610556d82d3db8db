import { DAY_MS, MINUTE_MS, type EventCounts } from '../minute.ts'
import type { MinuteSeries } from '../minute-series.ts'
import type { Span } from '../window-span.ts'

export interface DailySli extends EventCounts {
  /** Start of the day in UTC, epoch ms. */
  at: number
  sli: number | null
}

export interface DailySlis {
  days: DailySli[]
  /** Of days with events. */
  worst: { at: number; sli: number } | null
  median: number | null
  withEvents: number
}

/** The days of UTC that [from, to) touches, each as far as it lies within. */
export function dailySlis(minutes: MinuteSeries, { from, to }: Span): DailySlis {
  const days: DailySli[] = []
  for (let at = Math.floor(from / DAY_MS) * DAY_MS; at < to; at += DAY_MS) {
    const { good, total } = minutes.sum(Math.max(at, from), Math.min(at + DAY_MS, to) - MINUTE_MS)
    days.push({ at, good, total, sli: total === 0 ? null : good / total })
  }
  const known = days.flatMap(({ at, sli }) => (sli === null ? [] : [{ at, sli }])).sort((a, b) => a.sli - b.sli)
  const [low, high] = [known[(known.length - 1) >> 1], known[known.length >> 1]]
  return {
    days,
    worst: known[0] ?? null,
    median: low && high ? (low.sli + high.sli) / 2 : null,
    withEvents: known.length,
  }
}
