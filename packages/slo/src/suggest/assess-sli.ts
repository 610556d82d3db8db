import { nominalDays, type SloWindow } from '@nines/contracts'
import { budgetRemaining } from '../error-budget.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, type EventCounts } from '../minute.ts'
import { minuteCoverage } from '../minute-coverage.ts'
import type { MinuteSeries } from '../minute-series.ts'
import type { Span } from '../window-span.ts'
import { chooseTarget, type ChosenTarget } from './choose-target.ts'
import { dailySlis, type DailySlis } from './daily-slis.ts'
import { evidenceWindows } from './evidence-windows.ts'

export interface SliAssessment extends EventCounts {
  /** From the first measured minute on, epoch ms; null where none is. */
  firstAt: number | null
  days: number
  daily: DailySlis
  /** Share of its minutes that were measured. */
  coverage: number
  eventsPerHour: number
  /** At the mean traffic. */
  eventsPerWindow: number
  windows: { days: number; count: number }
  /** null where no target can be proposed. */
  chosen: (ChosenTarget & { budgetRemaining: number; budgetEvents: number }) | null
}

/** What the minutes of an SLI in [from, to) (on the minute grid) say of it, and the target that they support over `window`. */
export function assessSli(minutes: MinuteSeries, span: Span, window: SloWindow): SliAssessment {
  const first = minutes.minutes(span.from, span.to).next()
  const firstAt = first.done === true ? null : first.value[0]
  const from = firstAt ?? span.from
  const { to } = span
  const { good, total } = minutes.sum(from, to - MINUTE_MS)
  const days = (to - from) / DAY_MS
  const eventsPerWindow = days === 0 ? 0 : (total * nominalDays(window)) / days
  const { days: windowDays, windows } = evidenceWindows(minutes, { from, to })
  const chosen = chooseTarget({ good, total, windows, windowDays, eventsPerWindow, days })
  const { measured, minutes: all } = minuteCoverage(minutes, from, to)
  return {
    good,
    total,
    firstAt,
    days,
    daily: dailySlis(minutes, { from, to }),
    coverage: firstAt === null ? 0 : measured / all,
    eventsPerHour: days === 0 ? 0 : total / ((to - from) / HOUR_MS),
    eventsPerWindow,
    windows: { days: windowDays, count: windows.length },
    chosen: chosen && {
      ...chosen,
      budgetRemaining: budgetRemaining({ good, total }, chosen.target) ?? 0,
      budgetEvents: (1 - chosen.target) * eventsPerWindow,
    },
  }
}
