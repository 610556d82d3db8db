import { expect, test } from 'vitest'
import { countCrash, restartDelayMs } from './restart-delay.ts'

test('the first restart is quick, later ones wait longer up to a bound', () => {
  const delays = Array.from({ length: 12 }, (_, i) => restartDelayMs(i + 1))
  expect(delays[0]).toBeLessThanOrEqual(100)
  expect(delays).toEqual(delays.toSorted((a, b) => a - b))
  expect(delays.at(-1)).toBe(5_000)
})

test('a long healthy run forgives earlier crashes', () => {
  expect(countCrash(7, 100)).toBe(8)
  expect(countCrash(7, 30_000)).toBe(1)
  expect(countCrash(0, 0)).toBe(1)
})
