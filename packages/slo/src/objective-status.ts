import type { Objective, ObjectiveStatus } from '@nines/contracts'
import { budgetRemaining, exhaustionSeconds } from './error-budget.ts'
import type { MinuteCounts } from './minute-counts.ts'
import { windowSpan } from './window-span.ts'
import { burnRate, windowCounts } from './window-burn.ts'

/** How an objective stands at `now` (epoch ms); `lastHourBurn` is by its own target. Nothing is rounded. */
export function objectiveStatusAt(minutes: MinuteCounts, objective: Objective, now: number): ObjectiveStatus {
  const { target, window } = objective
  const { from, to } = windowSpan(window, now)
  const { good, total } = windowCounts(minutes, now, (now - from) / 1000)
  const toDate = budgetRemaining({ good, total }, target)
  const lengthSeconds = (to - from) / 1000
  const remaining = toDate === null ? null : 1 - ((1 - toDate) * (now - from)) / (to - from)
  const burn = burnRate(windowCounts(minutes, now, 3600), target)
  const exhaustion = exhaustionSeconds(remaining, burn, lengthSeconds)
  return {
    target,
    window,
    from,
    to,
    good,
    total,
    sli: total === 0 ? null : good / total,
    budgetRemaining: window.kind === 'rolling' ? toDate : remaining,
    budgetRemainingToDate: toDate,
    // The budget is renewed with the period.
    exhaustionSeconds:
      exhaustion !== null && window.kind === 'calendar' && exhaustion > (to - now) / 1000 ? null : exhaustion,
  }
}

/** The budget of the window that is left, as objectiveStatusAt says it. */
export function budgetRemainingAt(minutes: MinuteCounts, objective: Objective, now: number): number | null {
  return objectiveStatusAt(minutes, objective, now).budgetRemaining
}
