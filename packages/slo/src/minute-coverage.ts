import type { MinuteSeries } from './minute-series.ts'
import { MINUTE_MS } from './minute.ts'

/** How much of a stretch of time is known. Instants are epoch ms. */
export interface MinuteCoverage {
  minutes: number
  /** Minutes with any measurement, and those of them with events. */
  measured: number
  withEvents: number
  /** Stretches [from, to) without a measurement, ascending. */
  gaps: { from: number; to: number }[]
}

/** Coverage of the minutes that start in [from, to), which lie on the minute grid. */
export function minuteCoverage(minutes: MinuteSeries, from: number, to: number): MinuteCoverage {
  const coverage: MinuteCoverage = { minutes: (to - from) / MINUTE_MS, measured: 0, withEvents: 0, gaps: [] }
  let next = from
  for (const [minute, { total }] of minutes.minutes(from, to)) {
    coverage.measured++
    if (total > 0) coverage.withEvents++
    if (minute > next) coverage.gaps.push({ from: next, to: minute })
    next = minute + MINUTE_MS
  }
  if (next < to) coverage.gaps.push({ from: next, to })
  return coverage
}
