import { z } from 'zod'

/** An IANA time zone such as `Europe/Berlin`, as the clocks of this machine's library know them. Fixed offsets know no DST. */
export const timeZone = z.string().refine(isTimeZone, { message: 'is no IANA time zone, such as Europe/Berlin or UTC' })

function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format(0)
    return true
  } catch {
    return false
  }
}

export const calendarUnit = z.enum(['day', 'week', 'month', 'quarter', 'year'])
export type CalendarUnit = z.infer<typeof calendarUnit>

/** The last so many days, or the calendar's period that holds the instant. Weeks begin on Monday (ISO 8601). */
export const sloWindow = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rolling'), days: z.number().int().min(1).max(366) }),
  z.object({ kind: z.literal('calendar'), unit: calendarUnit, zone: timeZone }),
])
export type SloWindow = z.infer<typeof sloWindow>

const UNIT_DAYS: Record<CalendarUnit, number> = { day: 1, week: 7, month: 30, quarter: 91, year: 365 }

/** About how long a window is, in days: exact for rolling windows, rounded for the calendar's. Burn rates are chosen by it. */
export function nominalDays(window: SloWindow): number {
  return window.kind === 'rolling' ? window.days : UNIT_DAYS[window.unit]
}

const LONGEST_DAYS: Record<CalendarUnit, number> = { day: 2, week: 8, month: 32, quarter: 93, year: 367 }

/** A window is never longer than this, in days; periods of the calendar differ, and clocks are put back. */
export function longestDays(window: SloWindow): number {
  return window.kind === 'rolling' ? window.days : LONGEST_DAYS[window.unit]
}

/** `30 days`, `month (Europe/Berlin)`. */
export function windowText(window: SloWindow): string {
  if (window.kind === 'rolling') return window.days === 1 ? '1 day' : `${window.days} days`
  return `calendar ${window.unit} (${window.zone})`
}
