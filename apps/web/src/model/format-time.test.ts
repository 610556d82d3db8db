import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatInstant, fromInputValue, offsetMs, toInputValue, zoneLabel } from './format-time.ts'
import { timeTicks, rangeQuery } from './time-range.ts'

const at = Date.UTC(2026, 10, 22, 14, 3, 22)

test('an instant always names its zone', () => {
  expect(formatInstant(at, 'UTC', 'clock')).toBe('14:03:22 UTC')
  expect(formatInstant(at, 'UTC')).toMatch(/^22 Nov,? 14:03:22 UTC$/)
  expect(formatInstant(at, 'Asia/Kolkata', 'clock')).toMatch(/^19:33:22 (GMT\+5:30|IST)$/)
  expect(zoneLabel(at, 'UTC')).toBe('UTC')
})

test('midnight is 00, not 24', () => {
  expect(formatInstant(Date.UTC(2026, 0, 1), 'UTC', 'clock')).toBe('00:00:00 UTC')
})

test('the offset follows daylight saving time', () => {
  expect(offsetMs(Date.UTC(2026, 0, 1), 'Europe/Berlin')).toBe(3_600_000)
  expect(offsetMs(Date.UTC(2026, 6, 1), 'Europe/Berlin')).toBe(7_200_000)
  expect(offsetMs(at, 'America/St_Johns')).toBe(-12_600_000)
})

test('what an input shows is read back as the same minute, in every zone', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) }),
      fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'),
      (instant, zone) => {
        const minute = Math.floor(instant / 60_000) * 60_000
        const back = fromInputValue(toInputValue(minute, zone), zone)
        // In the hour that a zone repeats, the same wall clock names two instants; either is right.
        expect(back === null ? '' : toInputValue(back, zone)).toBe(toInputValue(minute, zone))
      },
    ),
  )
})

test('what is no date is null', () => {
  expect(fromInputValue('', 'UTC')).toBeNull()
  expect(fromInputValue('yesterday', 'Europe/Berlin')).toBeNull()
})

test('a range ends on a whole step at or after now', () => {
  const { from, to } = rangeQuery('24h', at)
  expect(Date.parse(to)).toBe(Date.UTC(2026, 10, 22, 14, 4))
  expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000)
  expect(rangeQuery('24h', at - 1_000)).toEqual(rangeQuery('24h', at))
})

test('ticks lie on round times of the zone', () => {
  const offset = offsetMs(at, 'Asia/Kolkata')
  const ticks = timeTicks(at - 86_400_000, at, 8, offset)
  expect(ticks.length).toBeGreaterThanOrEqual(5)
  expect(ticks.length).toBeLessThanOrEqual(9)
  for (const tick of ticks) expect((tick + offset) % 3_600_000).toBe(0)
})
