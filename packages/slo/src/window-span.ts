import type { CalendarUnit, SloWindow } from '@nines/contracts'
import { Temporal } from 'temporal-polyfill'
import { DAY_MS } from './minute.ts'

/** A stretch of time [from, to), epoch ms. */
export interface Span {
  from: number
  to: number
}

/** Calendar periods are asked for at every evaluation, and change once a day at most. */
const lastPeriods = new Map<string, Span>()

/**
 * The window at an instant (epoch ms). A rolling one ends there. The calendar's is the whole period that holds the instant, by
 * the clocks of its zone: a day of 23 or 25 hours is one, and a day that begins at a skipped midnight begins when the clocks go on.
 */
export function windowSpan(window: SloWindow, at: number): Span {
  if (window.kind === 'rolling') return { from: at - window.days * DAY_MS, to: at }
  const key = `${window.unit} ${window.zone}`
  const last = lastPeriods.get(key)
  if (last && at >= last.from && at < last.to) return last
  const span = calendarPeriod(window.unit, window.zone, at)
  lastPeriods.set(key, span)
  return span
}

/** The window that the whole minutes up to an instant end: one at which a period of the calendar begins ends the one before. */
export function windowUpTo(window: SloWindow, to: number): Span {
  return windowSpan(window, window.kind === 'rolling' ? to : to - 1)
}

function calendarPeriod(unit: CalendarUnit, zone: string, at: number): Span {
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate()
  const first = firstDay(unit, today)
  const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime(zone).epochMilliseconds
  return { from: startOf(first), to: startOf(first.add(LENGTHS[unit])) }
}

const LENGTHS: Record<CalendarUnit, Temporal.DurationLike> = {
  day: { days: 1 },
  week: { days: 7 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { years: 1 },
}

function firstDay(unit: CalendarUnit, date: Temporal.PlainDate): Temporal.PlainDate {
  if (unit === 'day') return date
  if (unit === 'week') return date.subtract({ days: date.dayOfWeek - 1 })
  if (unit === 'month') return date.with({ day: 1 })
  return date.with({ day: 1, month: unit === 'year' ? 1 : Math.floor((date.month - 1) / 3) * 3 + 1 })
}
