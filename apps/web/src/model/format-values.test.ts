import { describe, expect, test } from 'vitest'
import { describeAllowedDowntime, describeAllowedEvents } from './allowed-downtime.ts'
import { axisTicks, axisTop, spaced } from './axis-ticks.ts'
import { formatAgo, formatDuration, formatWindow } from './format-duration.ts'
import { formatBurn, formatCount, formatFactor, formatMillis, formatRate } from './format-number.ts'
import { slugify, slugOf } from './slugify.ts'

test.each([
  [null, '–'],
  [Number.POSITIVE_INFINITY, '–'],
  [0, '0 s'],
  [0.4, '< 1 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [2592, '43 min 12 s'],
  [3600, '1 h'],
  [93_784, '1 d 2 h'],
  [86_400 * 40, '40 d'],
  [-751, '−12 min 31 s'],
])('duration %s is %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text)
})

test.each([
  [300, '5 min'],
  [3600, '1 h'],
  [21_600, '6 h'],
  [86_400, '24 h'],
  [259_200, '3 d'],
  [5400, '90 min'],
])('window %s is %s', (seconds, text) => {
  expect(formatWindow(seconds)).toBe(text)
})

test.each([
  [-4_000, 'now'],
  [7 * 60_000 + 20_000, '7 min ago'],
  [-40_000, 'in 40 s'],
  [3 * 3_600_000, '3 h ago'],
])('%s ms ago reads "%s"', (age, text) => {
  expect(formatAgo(1_000_000_000 - age, 1_000_000_000)).toBe(text)
})

describe('numbers', () => {
  test.each([
    [null, '–'],
    [0, '0×'],
    [0.004, '< 0.01×'],
    [0.62, '0.62×'],
    [14.4, '14.4×'],
    [1234.4, '1,234×'],
  ])('burn %s is %s', (burn, text) => {
    expect(formatBurn(burn)).toBe(text)
  })
  test('thresholds keep only the digits they have', () => {
    expect([14.4, 6, 1].map(formatFactor)).toEqual(['14.4×', '6×', '1×'])
  })
  test('counts, durations and rates carry units', () => {
    expect(formatCount(8_123_456.2)).toBe('8,123,456')
    expect(formatMillis(7.25)).toBe('7.3 ms')
    expect(formatMillis(143)).toBe('143 ms')
    expect(formatMillis(10_004)).toBe('10.0 s')
    expect(formatRate(18_423.4)).toBe('18,423/s')
    expect(formatRate(null)).toBe('–')
  })
})

test.each([
  [0.999, 30, '43 min 12 s of full outage in 30 days'],
  [0.99, 1, '14 min 24 s of full outage in 1 day'],
  [0.99999, 30, '26 s of full outage in 30 days'],
])('target %s over %s days allows %s', (target, days, text) => {
  expect(describeAllowedDowntime({ target, window: { kind: 'rolling', days } })).toBe(text)
})

test('a target that leaves no or only budget is asked for again', () => {
  for (const target of [0, 1, 1.2, Number.NaN])
    expect(describeAllowedDowntime({ target, window: { kind: 'rolling', days: 30 } })).toMatch(/between 0 and 100/)
  expect(describeAllowedEvents(0.999)).toBe('1 bad event in 1,000')
  expect(describeAllowedEvents(0.6)).toBe('1 bad event in 2.5')
})

test.each([
  ['Checkout succeeds', 'checkout-succeeds'],
  ['  Größe & Maß! ', 'gro-e-ma'],
  ['Café del Mar', 'cafe-del-mar'],
  ['---', ''],
  ['a'.repeat(70), 'a'.repeat(63)],
])('%s becomes the slug %s', (name, slug) => {
  expect(slugify(name)).toBe(slug)
})

test('without a slug the name makes one, and there always is one', () => {
  expect(slugOf('given', 'Name')).toBe('given')
  expect(slugOf('', 'The Name')).toBe('the-name')
  expect(slugOf('', '')).toBe('unnamed')
})

test.each([
  [0, 45, [0, 10, 20, 30, 40, 50]],
  [-0.29, 0.45, [-0.4, -0.2, 0, 0.2, 0.4, 0.6]],
  [0, 0.05, [0, 0.01, 0.02, 0.03, 0.04, 0.05]],
])('axis from %s to %s', (low, high, ticks) => {
  expect(axisTicks(low, high)).toEqual(ticks)
})

test.each([
  ['a line on the top tick gets room', [0, 1, 2, 3], 3, 0.1, 3 / 0.9],
  ['enough room below the top tick stays as it is', [0, 1, 2, 3], 2.5, 0.1, 3],
  ['the room is a share of the whole axis', [-1, 0, 1], 1, 0.5, 3],
])('%s', (_name, ticks, highest, share, top) => {
  expect(axisTop(ticks, highest, share)).toBeCloseTo(top)
})

test('labels of thresholds keep their distance, the highest first', () => {
  expect(spaced([14.4, 6, 3, 1], 60)).toEqual([14.4, 6])
  expect(spaced([14.4, 6, 3, 1], 16)).toEqual([14.4, 6, 3, 1])
})
