import type { CalendarUnit } from '@nines/contracts'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS } from './minute.ts'
import { windowSpan } from './window-span.ts'

const iso = (at: number) => new Date(at).toISOString()
const period = (unit: CalendarUnit, zone: string, at: string) => {
  const { from, to } = windowSpan({ kind: 'calendar', unit, zone }, Date.parse(at))
  return [iso(from), iso(to)]
}

test('a rolling window ends at the instant', () => {
  expect(windowSpan({ kind: 'rolling', days: 2 }, 10 * DAY_MS + 5)).toEqual({
    from: 8 * DAY_MS + 5,
    to: 10 * DAY_MS + 5,
  })
})

test.each([
  ['month', 'UTC', '2026-02-10T00:00:00Z', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
  ['month', 'Europe/Berlin', '2026-03-31T22:30:00Z', '2026-03-31T22:00:00.000Z', '2026-04-30T22:00:00.000Z'],
  // The clocks go on: a March of 743 hours.
  ['month', 'Europe/Berlin', '2026-03-15T00:00:00Z', '2026-02-28T23:00:00.000Z', '2026-03-31T22:00:00.000Z'],
  ['week', 'UTC', '2026-11-29T23:59:59Z', '2026-11-23T00:00:00.000Z', '2026-11-30T00:00:00.000Z'],
  ['week', 'Asia/Kolkata', '2026-11-29T18:30:00Z', '2026-11-29T18:30:00.000Z', '2026-12-06T18:30:00.000Z'],
  ['quarter', 'America/New_York', '2026-11-26T12:00:00Z', '2026-10-01T04:00:00.000Z', '2027-01-01T05:00:00.000Z'],
  ['year', 'Pacific/Auckland', '2026-12-31T11:00:00Z', '2026-12-31T11:00:00.000Z', '2027-12-31T11:00:00.000Z'],
  // Midnight is skipped on this day: it begins at one o'clock.
  ['day', 'Africa/Cairo', '2026-04-24T12:00:00Z', '2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z'],
  // This zone has left out a whole day.
  ['week', 'Pacific/Apia', '2011-12-31T12:00:00Z', '2011-12-26T10:00:00.000Z', '2012-01-01T10:00:00.000Z'],
] as const)('%s in %s at %s', (unit, zone, at, from, to) => {
  expect(period(unit, zone, at)).toEqual([from, to])
})

/** What the clocks of a zone show, by the browser's library instead of the engine's. */
function clockOf(zone: string): (at: number) => { date: string; weekday: number; month: number; day: number } {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    calendar: 'gregory',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    weekday: 'short',
  })
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
    return {
      date: `${parts.year}-${parts.month}-${parts.day}`,
      weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(parts.weekday ?? ''),
      month: Number(parts.month),
      day: Number(parts.day),
    }
  }
}

describe('bounds of every IANA zone over ten years', () => {
  const zones = Intl.supportedValuesOf('timeZone')
  const begins: Record<CalendarUnit, (clock: ReturnType<ReturnType<typeof clockOf>>) => boolean> = {
    day: () => true,
    week: ({ weekday }) => weekday === 0,
    month: ({ day }) => day === 1,
    quarter: ({ day, month }) => day === 1 && month % 3 === 1,
    year: ({ day, month }) => day === 1 && month === 1,
  }

  test.each(['month', 'quarter', 'year'] as const)(
    'each %s begins on its first day and follows on the one before',
    (unit) => {
      const until = Date.UTC(2036, 0, 1)
      for (const zone of zones) {
        const clock = clockOf(zone)
        let { from, to } = windowSpan({ kind: 'calendar', unit, zone }, Date.UTC(2026, 0, 15))
        while (from < until) {
          const [first, before] = [clock(from), clock(from - 1)]
          if (!begins[unit](first) || before.date === first.date)
            throw new Error(`${unit} in ${zone} begins at ${iso(from)}`)
          const next = windowSpan({ kind: 'calendar', unit, zone }, to)
          if (next.from !== to) throw new Error(`after ${iso(to)} in ${zone} comes ${iso(next.from)}`)
          ;({ from, to } = next)
        }
      }
      expect(zones.length).toBeGreaterThan(400)
    },
    60_000,
  )

  test('any instant of a day or week lies in a period that begins where the date changes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom<CalendarUnit>('day', 'week'),
        fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2036, 0, 1) }),
        (zone, unit, at) => {
          const clock = clockOf(zone)
          const { from, to } = windowSpan({ kind: 'calendar', unit, zone }, at)
          expect(from <= at && at < to).toBe(true)
          for (const edge of [from, to]) {
            expect(begins[unit](clock(edge))).toBe(true)
            expect(clock(edge - 1).date).not.toBe(clock(edge).date)
          }
          // No zone moves its clocks by more than Antarctica/Troll does, which is two hours.
          expect(Math.abs(to - from - (unit === 'day' ? 1 : 7) * DAY_MS)).toBeLessThanOrEqual(2 * HOUR_MS)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
