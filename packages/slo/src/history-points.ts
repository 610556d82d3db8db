import type { Slice, SloHistory } from '@nines/contracts'
import { budgetRemaining } from './error-budget.ts'
import { MinuteSeries } from './minute-series.ts'
import { MINUTE_MS, minuteOf } from './minute.ts'
import { burnRate } from './window-burn.ts'

export type SloHistoryPoint = SloHistory['points'][number]

/**
 * Points of a burn-down chart at from + step, from + 2 steps, ... up to `to` (epoch ms). `from` and the step lie on the
 * minute grid, so that every minute belongs to exactly one point: figures of a point sum the whole minutes that end by
 * its instant, events over the step, budget over the whole window, burns over an hour and five minutes. `slices` must
 * reach back one window before `from`; the newest revision of a minute counts.
 */
export function historyPoints(
  slices: readonly Slice[],
  chart: { from: number; to: number; stepSeconds: number; target: number; windowDays: number },
): SloHistoryPoint[] {
  const minutes = minutesOfSlices(slices)
  const points: SloHistoryPoint[] = []
  const stepMs = chart.stepSeconds * 1000
  for (let at = minuteOf(chart.from) + stepMs; at <= chart.to; at += stepMs) {
    const counts = (seconds: number) => minutes.sum(minuteOf(at - seconds * 1000), minuteOf(at) - MINUTE_MS)
    const burn = (seconds: number) => burnRate(counts(seconds), chart.target)
    points.push({
      at,
      ...counts(chart.stepSeconds),
      budgetRemaining: budgetRemaining(counts(chart.windowDays * 86_400), chart.target),
      burn1h: burn(3600),
      burn5m: burn(300),
    })
  }
  return points
}

/** Slices as a series of minutes; of several revisions of a minute the newest counts. */
export function minutesOfSlices(slices: readonly Slice[]): MinuteSeries {
  const newest = new Map<number, Slice>()
  for (const slice of slices) {
    const known = newest.get(slice.minute)
    if (!known || slice.revision >= known.revision) newest.set(slice.minute, slice)
  }
  const minutes = new MinuteSeries()
  for (const slice of newest.values()) minutes.set(slice.minute, slice)
  return minutes
}
