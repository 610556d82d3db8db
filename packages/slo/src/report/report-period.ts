import type { CalendarUnit } from '@nines/contracts'
import { Temporal } from 'temporal-polyfill'
import { MINUTE_MS, minuteOf } from '../minute.ts'
import { windowSpan, type Span } from '../window-span.ts'

/** Minutes are written half a minute after their end: what is known at an instant lacks the last of them. */
const SETTLING_MS = 35_000

/** A stretch of time that a report is about, with its name in a zone. */
export interface ReportPeriod extends Span {
  label: string
}

/** The period of the calendar that holds a day (`2026-03-31`), by the clocks of an IANA zone. */
export function periodOfDay(unit: CalendarUnit, zone: string, day: string): ReportPeriod {
  const date = Temporal.PlainDate.from(day)
  const noon = date.toZonedDateTime({ timeZone: zone, plainTime: '12:00' })
  return periodAt(unit, zone, noon.epochMilliseconds)
}

/** The period of the calendar that holds an instant. */
export function periodAt(unit: CalendarUnit, zone: string, at: number): ReportPeriod {
  const span = windowSpan({ kind: 'calendar', unit, zone }, at)
  return { ...span, label: labelOf(unit, zone, span.from) }
}

/** The calendar's period before one. */
export function periodBefore(unit: CalendarUnit, zone: string, { from }: Span): ReportPeriod {
  return periodAt(unit, zone, from - 1)
}

/** The last minute's end that figures of a period can count, of what was known at an instant. */
export function reportedUntil({ to }: Span, asOf: number): number {
  return Math.min(to, minuteOf(asOf - SETTLING_MS))
}

/** Whole minutes of a stretch. */
export function minutesIn({ from, to }: Span): number {
  return Math.max(0, (to - from) / MINUTE_MS)
}

function labelOf(unit: CalendarUnit, zone: string, from: number): string {
  const first = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone)
  const { year } = first
  if (unit === 'day') return first.toPlainDate().toString()
  if (unit === 'week') return `${first.yearOfWeek ?? year}-W${String(first.weekOfYear ?? 0).padStart(2, '0')}`
  if (unit === 'month') return `${MONTHS[first.month - 1]} ${year}`
  return unit === 'quarter' ? `Q${Math.ceil(first.month / 3)} ${year}` : String(year)
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ')
