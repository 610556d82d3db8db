import { expect, test } from 'vitest'
import { isDue, type Happened } from './burn-oracle.ts'

const HOUR = 3_600_000
const rule = {
  target: 0.999,
  pairs: [{ longSeconds: 3600, shortSeconds: 300, factor: 14.4 }],
  minBadEvents: 3,
  significance: 1e-5,
}
/** Ten good events a second over two hours, told once a minute. */
const healthy: Happened[] = Array.from({ length: 120 }, (_, i) => ({ at: (i + 1) * 60_000, good: 600, bad: 0 }))
const now = 2 * HOUR + 1_000

test('a healthy past is not due, and neither is less than the share that the pair takes', () => {
  expect(isDue(healthy, rule, now)).toBe(false)
  expect(isDue([...healthy, { at: now, good: 10, bad: 470 }], rule, now)).toBe(false)
})

test('due once the bad events of the last hour are 1.44 % of it', () => {
  expect(isDue([...healthy, { at: now, good: 10, bad: 580 }], rule, now)).toBe(true)
})

test('bad events of which the short window knows nothing any more are not due', () => {
  const past = healthy.map((one) => (one.at === HOUR + 20 * 60_000 ? { ...one, bad: 5_000 } : one))
  expect(isDue(past, rule, now)).toBe(false)
})

test('few events of little traffic may be chance', () => {
  const rare: Happened[] = Array.from({ length: 120 }, (_, i) => ({ at: (i + 1) * 60_000, good: 2, bad: 0 }))
  expect(isDue([...rare, { at: now, good: 0, bad: 2 }], rule, now)).toBe(false)
  expect(isDue([...rare, { at: now, good: 0, bad: 12 }], rule, now)).toBe(true)
})

test('where it hangs on the cut of the window it refuses to say', () => {
  const total = 36_000
  const bad = Math.round((0.0144 * total) / (1 - 0.0144))
  expect(() => isDue([...healthy, { at: now, good: 10, bad }], rule, now)).toThrow('how windows are cut')
})
