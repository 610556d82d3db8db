import { DAY_MS, MINUTE_MS, type EventCounts } from '../minute.ts'
import type { MinuteSeries } from '../minute-series.ts'
import type { Span } from '../window-span.ts'

/** A week holds every weekday once. */
const LONGEST_DAYS = 7
/** Younger data is looked at in windows of a quarter of it. */
const PARTS = 4

export interface EvidenceWindows {
  days: number
  /** Those with events, newest first. */
  windows: EventCounts[]
}

/** Rolling windows within [from, to), a day apart, that end with it; none in less than a day. */
export function evidenceWindows(minutes: MinuteSeries, { from, to }: Span): EvidenceWindows {
  const days = Math.min(LONGEST_DAYS, Math.max(1, Math.floor((to - from) / DAY_MS / PARTS)))
  const windows: EventCounts[] = []
  for (let end = to; end - days * DAY_MS >= from; end -= DAY_MS) {
    const counts = minutes.sum(end - days * DAY_MS, end - MINUTE_MS)
    if (counts.total > 0) windows.push(counts)
  }
  return { days, windows }
}
