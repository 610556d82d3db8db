import type { BudgetForecast, Objective } from '@nines/contracts'
import type { MinuteCounts } from './minute-counts.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf, type EventCounts } from './minute.ts'
import { budgetRemainingAt } from './objective-status.ts'
import { drawFutures, recentDays, type Future } from './recent-days.ts'
import { seededRandom } from '@nines/kernel'
import { burnRate } from './window-burn.ts'
import { windowSpan } from './window-span.ts'

/** With fewer days with events nothing is said. */
const LEAST_DAYS = 3
const LONGEST_HORIZON_MS = 90 * DAY_MS
const PATHS = 500
/** Four of five futures lie between these shares of them, sorted. */
const [LOW, HIGH] = [0.1, 0.9]
const HOURS = 24

/**
 * When the budget will be spent, given what is left of it: 500 futures made of whole recent days (see drawFutures), moved along
 * hour by hour while what is in the window leaves it. The same minutes, instant and seed give the same answer. How many of
 * what comes the interval holds is measured on sixteen processes, see forecast-calibration.test.ts and ADR 22.
 *
 * null while the budget is undefined or there are fewer than three days with events. `now` is epoch ms.
 */
export function forecastBudget(
  minutes: MinuteCounts,
  objective: Objective,
  now: number,
  seed: number,
): BudgetForecast | null {
  const at = minuteOf(now)
  const remaining = budgetRemainingAt(minutes, objective, at)
  const days = recentDays(minutes, at)
  if (remaining === null || days.length < LEAST_DAYS) return null
  const { from, to } = windowSpan(objective.window, at)
  const horizonMs = objective.window.kind === 'rolling' ? Math.min(to - from, LONGEST_HORIZON_MS) : to - at
  const base = { at, days: days.length, horizonSeconds: horizonMs / 1000 }
  if (remaining <= 0) return { ...base, lowSeconds: 0, medianSeconds: 0, highSeconds: 0, chance: 1 }
  const start = startOf(minutes, objective, at, horizonMs)
  const nextFuture = drawFutures(days, seededRandom(seed))
  const spentAfter = Array.from({ length: PATHS }, () => followPath(start, nextFuture(), remaining))
  spentAfter.sort((a, b) => a - b)
  const quantile = (share: number) => {
    const ms = spentAfter[Math.ceil(share * PATHS) - 1] ?? Infinity
    return Number.isFinite(ms) ? ms / 1000 : null
  }
  return {
    ...base,
    lowSeconds: quantile(LOW),
    medianSeconds: quantile(0.5),
    highSeconds: quantile(HIGH),
    chance: spentAfter.filter((ms) => Number.isFinite(ms)).length / PATHS,
  }
}

const hourOf = (minutes: MinuteCounts, from: number): EventCounts => minutes.sum(from, from + HOUR_MS - MINUTE_MS)

/** Everything that all futures begin with. */
interface Start {
  objective: Objective
  at: number
  from: number
  to: number
  horizonHours: number
  counts: EventCounts
  /** Of a rolling window, the hours that leave it one after the other; none of the calendar's. */
  leaving: EventCounts[]
}

function startOf(minutes: MinuteCounts, objective: Objective, at: number, horizonMs: number): Start {
  const { from, to } = windowSpan(objective.window, at)
  const horizonHours = Math.ceil(horizonMs / HOUR_MS)
  const leaves = objective.window.kind === 'rolling'
  const leaving = Array.from({ length: leaves ? horizonHours : 0 }, (_, hour) => hourOf(minutes, from + hour * HOUR_MS))
  return { objective, at, from, to, horizonHours, counts: minutes.sum(minuteOf(from), at - MINUTE_MS), leaving }
}

/** Milliseconds until nothing is left, by the line between the hours around; Infinity: not within the horizon. */
function followPath(
  { objective, at, from, to, horizonHours, counts, leaving }: Start,
  { nextDay, level }: Future,
  left: number,
): number {
  let { good, total } = counts
  let before = left
  let day = nextDay()
  for (let hour = 0; hour < horizonHours; hour++) {
    if (hour > 0 && hour % HOURS === 0) day = nextDay()
    const gone = leaving[hour]
    const all = day.total[hour % HOURS] ?? 0
    const bad = Math.min(all, (day.bad[hour % HOURS] ?? 0) * level)
    good += all - bad - (gone?.good ?? 0)
    total += all - (gone?.total ?? 0)
    const now = at + (hour + 1) * HOUR_MS
    const burn = burnRate({ good, total }, objective.target) ?? 0
    const remaining = 1 - (objective.window.kind === 'rolling' ? burn : (burn * (now - from)) / (to - from))
    if (remaining <= 0) return (hour + before / (before - remaining)) * HOUR_MS
    before = remaining
  }
  return Infinity
}
