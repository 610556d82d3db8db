import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { spansOf } from './corrections.ts'

const DAY = 86_400_000
const MINUTE = 60_000
const DAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Santiago',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
]

/** What the clocks of a zone show, by Intl and not by Temporal: `Mon 09:00`. */
function clockOf(zone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return (at) => format.format(at).replace(',', '')
}

const weekly = fc.record({
  zone: fc.constantFrom(...ZONES),
  start: fc.integer({ min: 0, max: 700 }).map((day) => Date.UTC(2025, 0, 1) + day * DAY),
  /** Outside of the hours that clocks skip or show twice. */
  minuteOfDay: fc.integer({ min: 4 * 60, max: 22 * 60 }),
  length: fc.integer({ min: 1, max: 30 * 60 }),
  days: fc.subarray([...DAYS], { minLength: 1 }),
})

/** Instants in [from, to) at which the zone's clocks show that time on one of the days: by looking at every minute. */
function startsByClock(zone: string, days: readonly string[], minuteOfDay: number, from: number, to: number): number[] {
  const clock = clockOf(zone)
  const time = `${String(Math.floor(minuteOfDay / 60)).padStart(2, '0')}:${String(minuteOfDay % 60).padStart(2, '0')}`
  const wanted = new Set(days.map((day) => `${day[0]}${day[1]?.toLowerCase()} ${time}`))
  const found: number[] = []
  for (let at = from; at < to; at += MINUTE) {
    const shown = clock(at)
    if (wanted.has(`${shown.slice(0, 2)} ${shown.slice(4)}`)) found.push(at)
  }
  return found
}

test('a weekly recurrence begins whenever the clocks of its zone show its time, over changes of the clocks too', () => {
  fc.assert(
    fc.property(weekly, ({ zone, start, minuteOfDay, length, days }) => {
      const [first] = startsByClock(zone, DAYS, minuteOfDay, start, start + 2 * DAY)
      if (first === undefined) return
      const schedule = {
        startsAt: first,
        endsAt: first + length * MINUTE,
        rrule: `FREQ=WEEKLY;BYDAY=${days.join(',')}`,
        timeZone: zone,
        outside: false,
      }
      const range = { from: first, to: first + 20 * DAY }
      const expected = startsByClock(zone, days, minuteOfDay, range.from, range.to)
      expect(spansOf(schedule, range)).toEqual(expected.map((at) => ({ from: at, to: at + length * MINUTE })))
    }),
    { numRuns: 40 },
  )
}, 60_000)

test('inside and outside share every minute from the first start on between them, none twice', () => {
  fc.assert(
    fc.property(weekly, fc.integer({ min: 1, max: 40 }), ({ zone, start, length, days }, span) => {
      const schedule = {
        startsAt: start,
        endsAt: start + length * MINUTE,
        rrule: `FREQ=WEEKLY;BYDAY=${days.join(',')}`,
        timeZone: zone,
        outside: false,
      }
      const range = { from: start - DAY, to: start + span * DAY }
      const inside = spansOf(schedule, range)
      const outside = spansOf({ ...schedule, outside: true }, range)
      const holds = (spans: { from: number; to: number }[], at: number) =>
        spans.some(({ from, to }) => from <= at && at < to)
      const wrong: number[] = []
      for (let at = range.from; at < range.to; at += 17 * MINUTE)
        if (holds(outside, at) !== (at >= start && !holds(inside, at))) wrong.push(at)
      expect(wrong).toEqual([])
    }),
    { numRuns: 100 },
  )
}, 60_000)
