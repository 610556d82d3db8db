import type { Objective, OwnSli, Slice, SloHistory } from '@nines/contracts'
import { budgetRemaining } from './error-budget.ts'
import type { MinuteCounts } from './minute-counts.ts'
import { MinuteSeries } from './minute-series.ts'
import { MINUTE_MS, minuteOf, type EventCounts } from './minute.ts'
import { countedMinutes } from './time-slices.ts'
import { burnRate } from './window-burn.ts'
import { windowSpan } from './window-span.ts'

export type SloHistoryPoint = SloHistory['points'][number]

/**
 * Points of a burn-down chart at from + step, from + 2 steps, ... up to `to` (epoch ms). `from` and the step lie on the
 * minute grid, so that every minute belongs to exactly one point: figures of a point sum the whole minutes that end by
 * its instant, events over the step, budget over the whole window, burns over an hour and five minutes. `slices` must
 * reach back one window before `from`; the newest revision of a minute counts.
 */
export function historyPoints(slices: readonly Slice[], chart: HistoryChart & { sli: OwnSli }): SloHistoryPoint[] {
  return historyPointsOf(minutesOfSlices(slices, chart.sli, chart.to), chart)
}

export type HistoryChart = Objective & { from: number; to: number; stepSeconds: number }

/** The same of minutes as they count; of a composite a figure is of its whole stretch, not the sum of its minutes. */
export function historyPointsOf(minutes: MinuteCounts, chart: HistoryChart): SloHistoryPoint[] {
  const points: SloHistoryPoint[] = []
  const stepMs = chart.stepSeconds * 1000
  for (let at = minuteOf(chart.from) + stepMs; at <= chart.to; at += stepMs) {
    const counts = (seconds: number) => minutes.sum(minuteOf(at - seconds * 1000), minuteOf(at) - MINUTE_MS)
    const burn = (seconds: number) => burnRate(counts(seconds), chart.target)
    points.push({
      at,
      ...counts(chart.stepSeconds),
      budgetRemaining: remainingAt(at, counts, chart),
      burn1h: burn(3600),
      burn5m: burn(300),
    })
  }
  return points
}

/** As objectiveStatusAt says it of whole minutes. An instant at which a period begins is the end of the one before. */
function remainingAt(
  at: number,
  counts: (seconds: number) => EventCounts,
  { target, window }: Objective,
): number | null {
  if (window.kind === 'rolling') return budgetRemaining(counts(window.days * 86_400), target)
  const { from, to } = windowSpan(window, at - 1)
  const toDate = budgetRemaining(counts((at - from) / 1000), target)
  return toDate === null ? null : 1 - ((1 - toDate) * (at - from)) / (to - from)
}

/**
 * Stored slices as a series of minutes as the SLI of their version counts them (slices of time where it has them, as far as
 * they ended by the instant); of several revisions of a minute the newest counts.
 */
export function minutesOfSlices(slices: readonly Slice[], sli: OwnSli, endedBy: number): MinuteSeries {
  const newest = new Map<number, Slice>()
  for (const slice of slices) {
    const known = newest.get(slice.minute)
    if (!known || slice.revision >= known.revision) newest.set(slice.minute, slice)
  }
  const minutes = new MinuteSeries()
  for (const slice of newest.values()) minutes.set(slice.minute, slice)
  return countedMinutes(sli, minutes, endedBy)
}
