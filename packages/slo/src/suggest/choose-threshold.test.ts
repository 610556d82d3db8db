import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundOf, highestBound } from '../exponential-increase.ts'
import { chooseBucketBound, chooseNiceThreshold, niceAtLeast } from './choose-threshold.ts'

const BOUNDS = [0.1, 0.25, 0.5, 1]
const p = (p95: number, p99: number) => [
  { quantile: 0.95, value: p95 },
  { quantile: 0.99, value: p99 },
]

test.each([
  [p(0.12, 0.3), { threshold: 0.5, quantile: 0.99 }],
  [p(0.12, 0.5), { threshold: 0.5, quantile: 0.99 }],
  // Quantiles beyond the last bound stand at it.
  [p(0.3, 1), { threshold: 0.5, quantile: 0.95 }],
  [p(1, 1), null],
  [p(NaN, NaN), null],
  [[], null],
])('%j', (quantiles, expected) => {
  const chosen = chooseBucketBound(BOUNDS, quantiles)
  if (expected) expect(chosen).toMatchObject(expected)
  else expect(chosen).toBeNull()
})

test('no bound, no threshold; infinite and negative bounds are none', () => {
  expect(chooseBucketBound([], p(0.1, 0.2))).toBeNull()
  expect(chooseBucketBound([-1, Infinity], p(0.1, 0.2))).toBeNull()
})

test('a bucket bound is one of the bounds, at or above the quantile it was chosen by, and the lowest such', () => {
  const positive = fc.double({ min: 1e-4, max: 1e4, noNaN: true })
  fc.assert(
    fc.property(fc.uniqueArray(positive, { minLength: 1, maxLength: 20 }), positive, positive, (bounds, a, b) => {
      const chosen = chooseBucketBound(bounds, p(Math.min(a, b), Math.max(a, b)))
      if (!chosen) return
      expect(bounds).toContain(chosen.threshold)
      expect(chosen.threshold).toBeGreaterThanOrEqual(chosen.value)
      expect(bounds.filter((bound) => bound >= chosen.value && bound < chosen.threshold)).toEqual([])
    }),
  )
})

test.each([
  [0.27, 0.3],
  [0.3, 0.3],
  [0.301, 0.4],
  [9.99, 10],
  [1, 1],
  [0.0011, 0.0015],
  [823, 1000],
])('%d is at most %d, which people say', (value, nice) => {
  expect(niceAtLeast(value)).toBe(nice)
})

test('of an exponential histogram the bound that applies is not below the quantile either', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-5, max: 1e5, noNaN: true }), fc.integer({ min: -2, max: 8 }), (value, scale) => {
      const chosen = chooseNiceThreshold(p(value / 2, value), scale)
      expect(chosen).not.toBeNull()
      const threshold = chosen?.threshold ?? 0
      expect(boundOf(highestBound(threshold, scale), scale)).toBeGreaterThanOrEqual(value)
      expect(niceAtLeast(threshold)).toBe(threshold)
    }),
  )
})
