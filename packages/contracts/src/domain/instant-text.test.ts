import { expect, test } from 'vitest'
import { instantText } from './instant-text.ts'

const at = Date.parse('2026-11-23T09:00:05.900Z')

test.each([
  [{}, '23 Nov 2026, 09:00 UTC'],
  [{ seconds: true }, '23 Nov 2026, 09:00:05 UTC'],
  [{ timeZone: 'Europe/Berlin' }, '23 Nov 2026, 10:00 CET'],
  [{ timeZone: 'America/New_York' }, '23 Nov 2026, 04:00 GMT-5'],
  [{ timeZone: 'Asia/Kolkata' }, '23 Nov 2026, 14:30 GMT+5:30'],
])('with %j it reads %s', (style, text) => {
  expect(instantText(at, style)).toBe(text)
})

test('midnight is the hour 00 of the day that begins', () => {
  expect(instantText(Date.parse('2027-01-01T00:00:00Z'))).toBe('1 Jan 2027, 00:00 UTC')
})
