import type { CalendarUnit, SloWindow } from '@nines/contracts'
import type { TimeWindow } from '../schema/slo.ts'
import { secondsOf, wholeDays } from './durations.ts'

/** A window of Nines, or why there is none and where below the time window the reason stands. */
export type WindowResult = { window: SloWindow } | { reason: string; path: PropertyKey[] }

/** The specification leaves the window open; Nines' own default then holds. */
const DEFAULT_WINDOW: SloWindow = { kind: 'rolling', days: 30 }

const UNITS: Record<string, CalendarUnit> = {
  '1d': 'day',
  '1w': 'week',
  '7d': 'week',
  '1M': 'month',
  '1Q': 'quarter',
  '3M': 'quarter',
  '1Y': 'year',
  '4Q': 'year',
  '12M': 'year',
}

/** The window of an OpenSLO SLO. Calendar periods of Nines begin where the calendar's do: Monday, the first, midnight. */
export function windowOf(window: TimeWindow | undefined): WindowResult {
  if (window === undefined) return { window: DEFAULT_WINDOW }
  const { duration, calendar } = window
  if (calendar === undefined) {
    const days = wholeDays(secondsOf(duration))
    if (days !== undefined) return { window: { kind: 'rolling', days } }
    return { reason: `a rolling window has 1 to 366 whole days, not ${duration}`, path: ['duration'] }
  }
  const unit = UNITS[duration]
  if (unit === undefined)
    return { reason: `a calendar window is a day, week, month, quarter or year, not ${duration}`, path: ['duration'] }
  if (!startsPeriod(unit, calendar.startTime))
    return { reason: `${startOf[unit]} begins a ${unit}, not ${calendar.startTime}`, path: ['calendar', 'startTime'] }
  return { window: { kind: 'calendar', unit, zone: calendar.timeZone } }
}

const startOf: Record<CalendarUnit, string> = {
  day: 'midnight',
  week: 'midnight before Monday',
  month: 'midnight before the first',
  quarter: 'midnight before the first of January, April, July or October',
  year: 'midnight before the first of January',
}

function startsPeriod(unit: CalendarUnit, startTime: string): boolean {
  const [day = '', time] = startTime.split(' ')
  const date = new Date(`${day}T00:00:00Z`)
  const isFirst = date.getUTCDate() === 1
  const month = date.getUTCMonth()
  if (time !== '00:00:00') return false
  if (unit === 'week') return date.getUTCDay() === 1
  if (unit === 'month') return isFirst
  if (unit === 'quarter') return isFirst && month % 3 === 0
  return unit === 'day' || (isFirst && month === 0)
}

const DURATIONS: Record<CalendarUnit, string> = { day: '1d', week: '1w', month: '1M', quarter: '1Q', year: '1Y' }

/** A window as OpenSLO writes it. */
export function timeWindowOf(window: SloWindow): TimeWindow {
  if (window.kind === 'rolling') return { duration: `${window.days}d`, isRolling: true }
  // A Monday that begins a month, a quarter and a year.
  const calendar = { startTime: '2024-01-01 00:00:00', timeZone: window.zone }
  return { duration: DURATIONS[window.unit], isRolling: false, calendar }
}
