import type { CalendarUnit } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { DAY_MS, minuteOf, periodAt, periodBefore, periodOfDay, reportedUntil, type ReportPeriod } from '@nines/slo'

interface AskedPeriod {
  period?: CalendarUnit | undefined
  zone: string
  date?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

const LONGEST_MS = 366 * DAY_MS
/** Slices are kept for 400 days; nobody promised anything before this. */
const EARLIEST_YEAR = 1990

/** The period of a report and the one before it. What was known at `asOf`, epoch ms, must cover a minute of it. */
export function askedPeriod(
  { period: unit, zone, date, from, to }: AskedPeriod,
  asOf: number,
): { period: ReportPeriod & { unit: CalendarUnit | null; zone: string }; previous: ReportPeriod } {
  if (from !== undefined || to !== undefined) {
    if (unit !== undefined) refuse('period', 'stands instead of from and to: give either')
    if (date !== undefined) refuse('date', 'belongs to a period of the calendar: give it or from and to')
    return betweenInstants(from, to, zone, asOf)
  }
  const calendarUnit = unit ?? 'month'
  if (date !== undefined && Number(date.slice(0, 4)) < EARLIEST_YEAR) refuse('date', `lies before ${EARLIEST_YEAR}`)
  // However its letters are written: calendars are remembered by zone.
  const clocks = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  let period = date === undefined ? periodAt(calendarUnit, clocks, asOf) : periodOfDay(calendarUnit, clocks, date)
  if (reportedUntil(period, asOf) <= period.from) {
    if (date !== undefined) refuse('date', `${period.label} has not begun by then`)
    // Right after midnight the period of this instant holds no minute yet: the one before is meant.
    period = periodBefore(calendarUnit, clocks, period)
  }
  return { period: { ...period, unit: calendarUnit, zone }, previous: periodBefore(calendarUnit, clocks, period) }
}

function betweenInstants(from: string | undefined, to: string | undefined, zone: string, asOf: number) {
  if (from === undefined) refuse('from', 'is needed together with to')
  if (to === undefined) refuse('to', 'is needed together with from')
  const [start, end] = [minuteOf(Date.parse(from)), minuteOf(Date.parse(to))]
  if (!(start < end) || end - start > LONGEST_MS)
    refuse('from', 'must be earlier than `to`, by a minute at least and 366 days at most')
  if (start < Date.UTC(EARLIEST_YEAR, 0)) refuse('from', `lies before ${EARLIEST_YEAR}`)
  if (reportedUntil({ from: start, to: end }, asOf) <= start)
    refuse('from', 'lies in the future, or has only just passed')
  const span = (since: number, until: number) => ({ from: since, to: until, label: spanText(since, until) })
  return { period: { ...span(start, end), unit: null, zone }, previous: span(start - (end - start), start) }
}

/** `2026-03-01T00:00Z – 2026-04-01T00:00Z`. */
function spanText(from: number, to: number): string {
  const text = (at: number) => `${new Date(at).toISOString().slice(0, 16)}Z`
  return `${text(from)} – ${text(to)}`
}

function refuse(field: string, message: string): never {
  const path = `query/${field}`
  throw new NinesError('invalid', `${path}: ${message}`, { issues: [{ path, message }] })
}
