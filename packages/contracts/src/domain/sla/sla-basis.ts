import { decimalText, parseDecimal, times, type Decimal } from '../decimal.ts'

/** The time that an availability is promised over. */
export interface SlaBasis {
  /** As a link holds it: `30d`, `365.25d`, `160h`, `2026`, `2026-02`, `2026-Q1`. */
  id: string
  /** In words that say how long it is: `30 days`, `February 2026 (28 days)`, `160 hours`. */
  name: string
  ms: Decimal
}

const DAY_MS: Decimal = { digits: 86_400_000n, scale: 0 }
const HOUR_MS: Decimal = { digits: 3_600_000n, scale: 0 }
const MONTHS = 'January February March April May June July August September October November December'.split(' ')
const QUARTERS = ['1st', '2nd', '3rd', '4th']

/**
 * Reads a basis: a number of days (`30d`) or hours (`160h`, such as the business hours of a month), or a year, month or
 * quarter of the calendar, in days of 24 hours. null when the text is none of these or not longer than nothing.
 */
export function slaBasis(text: string): SlaBasis | null {
  const id = text.trim()
  const [, amount, unit] = /^([\d.]{1,12})([dh])$/.exec(id) ?? []
  if (amount !== undefined) return lengthBasis(amount, unit as 'd' | 'h')
  const [, year, month, quarter] = /^(\d{4})(?:-(?:(\d{2})|Q([1-4])))?$/.exec(id) ?? []
  if (year === undefined || Number(year) < 1970) return null
  if (month !== undefined) {
    const name = MONTHS[Number(month) - 1]
    return name === undefined ? null : calendarBasis(id, `${name} ${year}`, Number(year), Number(month) - 1, 1)
  }
  if (quarter === undefined) return calendarBasis(id, `the year ${year}`, Number(year), 0, 12)
  const first = (Number(quarter) - 1) * 3
  return calendarBasis(id, `${QUARTERS[Number(quarter) - 1]} quarter of ${year}`, Number(year), first, 3)
}

function lengthBasis(amount: string, unit: 'd' | 'h'): SlaBasis | null {
  const count = parseDecimal(amount)
  if (count === null || count.digits <= 0n) return null
  const text = decimalText(count)
  const word = `${unit === 'd' ? 'day' : 'hour'}${text === '1' ? '' : 's'}`
  return { id: `${text}${unit}`, name: `${text} ${word}`, ms: times(count, unit === 'd' ? DAY_MS : HOUR_MS) }
}

function calendarBasis(id: string, name: string, year: number, month: number, months: number): SlaBasis {
  const ms = Date.UTC(year, month + months) - Date.UTC(year, month)
  return { id, name: `${name} (${ms / 86_400_000} days)`, ms: { digits: BigInt(ms), scale: 0 } }
}
