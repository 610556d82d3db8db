import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { GIVE_UP_AFTER_MS, parseRetryAfter, retryDelayMs } from './retry-schedule.ts'

const failed = { attempts: 1, ageMs: 0, retryAfterSeconds: null, random: 0 }

test('waits grow from five seconds to an hour until the message is a day old', () => {
  const waits: number[] = []
  let ageMs = 0
  for (let attempts = 1; ; attempts++) {
    const wait = retryDelayMs({ ...failed, attempts, ageMs })
    if (wait === null) break
    waits.push(wait / 1000)
    ageMs += wait
  }
  expect(waits.slice(0, 10)).toEqual([5, 15, 30, 60, 120, 300, 600, 1800, 3600, 3600])
  expect(waits).toHaveLength(8 + 23)
  expect(ageMs).toBeLessThanOrEqual(GIVE_UP_AFTER_MS)
})

test('jitter adds at most a fifth, Retry-After counts when longer and at most an hour', () => {
  expect(retryDelayMs({ ...failed, random: 0.999 })).toBe(5999)
  expect(retryDelayMs({ ...failed, retryAfterSeconds: 2 })).toBe(5000)
  expect(retryDelayMs({ ...failed, retryAfterSeconds: 90 })).toBe(90_000)
  expect(retryDelayMs({ ...failed, retryAfterSeconds: 1e9 })).toBe(3_600_000)
})

test('a retry never falls beyond a day after the message was made', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 2 * GIVE_UP_AFTER_MS }),
      fc.option(fc.nat(100_000)),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempts, ageMs, retryAfterSeconds, random) => {
        const wait = retryDelayMs({ attempts, ageMs, retryAfterSeconds, random })
        if (wait === null) return
        expect(wait).toBeGreaterThanOrEqual(5000)
        expect(ageMs + wait).toBeLessThanOrEqual(GIVE_UP_AFTER_MS)
      },
    ),
  )
})

test.each([
  [undefined, null],
  ['120', 120],
  ['Wed, 21 Oct 2026 07:28:00 GMT', 60],
  ['Wed, 21 Oct 2020 07:28:00 GMT', 0],
  ['soon', null],
])('Retry-After %s is %s seconds', (header, expected) => {
  expect(parseRetryAfter(header, Date.parse('2026-10-21T07:27:00Z'))).toBe(expected)
})
