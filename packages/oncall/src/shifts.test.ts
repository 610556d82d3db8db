import type { ScheduleOverride, WeeklyRotation } from '@nines/contracts'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { onCallAt, shiftsBetween } from './shifts.ts'
import { turnAt } from './weekly-rotation.ts'

const HOUR = 3600_000
const MONDAY = Date.parse('2026-03-23T08:00Z')
const rotation: WeeklyRotation = {
  timeZone: 'Europe/Berlin',
  handoffWeekday: 1,
  handoffTime: '09:00',
  startsOn: '2026-01-05',
  participants: ['ada', 'ben', 'cleo'],
}
const override = (id: string, userId: string, fromHour: number, toHour: number): ScheduleOverride => ({
  id,
  userId,
  startsAt: MONDAY + fromHour * HOUR,
  endsAt: MONDAY + toHour * HOUR,
})
const inHours = (shifts: { userId: string; startsAt: number; endsAt: number }[]) =>
  shifts.map((s) => [s.userId, (s.startsAt - MONDAY) / HOUR, (s.endsAt - MONDAY) / HOUR])

describe('overrides', () => {
  test('take the time they cover, half-open', () => {
    const overrides = [override('1', 'dan', 10, 12)]
    expect(inHours(shiftsBetween(rotation, overrides, MONDAY, MONDAY + 24 * HOUR))).toEqual([
      ['cleo', 0, 10],
      ['dan', 10, 12],
      // The clocks go forward on Sunday: this local week lasts 167 hours.
      ['cleo', 12, 167],
    ])
    expect(onCallAt(rotation, overrides, MONDAY + 12 * HOUR - 1)).toMatchObject({ userId: 'dan', override: true })
    expect(onCallAt(rotation, overrides, MONDAY + 12 * HOUR)).toMatchObject({ userId: 'cleo', override: false })
  })
  test('the one created last wins where two cover the same time', () => {
    const overrides = [override('2', 'eve', 11, 13), override('1', 'dan', 10, 20)]
    expect(inHours(shiftsBetween(rotation, overrides, MONDAY + 10 * HOUR, MONDAY + 20 * HOUR))).toEqual([
      ['dan', 10, 11],
      ['eve', 11, 13],
      ['dan', 13, 20],
    ])
  })
  test('one that spans a handoff is one shift', () => {
    const shift = onCallAt(rotation, [override('1', 'dan', 160, 180)], MONDAY + 170 * HOUR)
    expect(inHours([shift])).toEqual([['dan', 160, 180]])
  })
  test('one without a foreseeable end costs no more than a short one', () => {
    const [begin, end] = [Date.parse('0001-01-01T00:00Z'), Date.parse('9999-12-31T00:00Z')]
    const endless = { id: '1', userId: 'dan', startsAt: begin, endsAt: end }
    expect(onCallAt(rotation, [endless], MONDAY)).toEqual({
      userId: 'dan',
      startsAt: begin,
      endsAt: end,
      override: true,
    })
    expect(inHours(shiftsBetween(rotation, [endless, override('2', 'eve', -40, 5)], MONDAY, MONDAY + HOUR))).toEqual([
      ['eve', -40, 5],
    ])
  })
  test('an empty or inverted one changes nothing', () => {
    const overrides = [override('1', 'dan', 10, 10), override('2', 'eve', 12, 11)]
    expect(inHours(shiftsBetween(rotation, overrides, MONDAY, MONDAY + HOUR))).toEqual([['cleo', 0, 167]])
  })
})

const overridesOfTwoWeeks = fc.array(
  fc.record({ userId: fc.constantFrom('dan', 'eve'), from: fc.integer({ min: 0, max: 330 }), hours: fc.nat(60) }),
  { maxLength: 6 },
)

test('shifts tile the span, and each hour belongs to whom a plain look-up says', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(overridesOfTwoWeeks, fc.nat(300), fc.integer({ min: 1, max: 200 }), (specs, from, hours) => {
      const overrides = specs.map((s, i) => override(String(i), s.userId, s.from, s.from + s.hours))
      const [start, end] = [MONDAY + from * HOUR, MONDAY + (from + hours) * HOUR]
      const shifts = shiftsBetween(rotation, overrides, start, end)
      expect(shifts[0]?.startsAt).toBeLessThanOrEqual(start)
      expect(shifts.at(-1)?.endsAt).toBeGreaterThanOrEqual(end)
      for (const [i, shift] of shifts.entries()) expect(shifts[i + 1]?.startsAt ?? shift.endsAt).toBe(shift.endsAt)
      for (let at = start; at < end; at += HOUR) {
        const winner = overrides.findLast((o) => o.startsAt <= at && at < o.endsAt)
        const expected = winner?.userId ?? turnAt(rotation, at).userId
        expect(shifts.find((s) => s.startsAt <= at && at < s.endsAt)?.userId).toBe(expected)
        expect(shifts).toContainEqual(onCallAt(rotation, overrides, at))
      }
    }),
    { numRuns: 40 },
  )
})

test('a span of centuries is refused', () => {
  expect(() => shiftsBetween(rotation, [], 0, 4e12)).toThrow('at most five years')
})
