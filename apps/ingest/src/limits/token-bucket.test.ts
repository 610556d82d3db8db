import { expect, test } from 'vitest'
import { TokenBucket } from './token-bucket.ts'

test('a burst of five seconds passes, then the rate holds', () => {
  const bucket = new TokenBucket(100, 0)
  bucket.charge(499, 0)
  expect(bucket.waitSeconds(0)).toBe(0)
  bucket.charge(101, 0)
  expect(bucket.waitSeconds(0)).toBeCloseTo(1)
  expect(bucket.waitSeconds(999)).toBeGreaterThan(0)
  expect(bucket.waitSeconds(1_001)).toBe(0)
})

test('what is larger than any burst passes once and is paid for by waiting', () => {
  const bucket = new TokenBucket(10, 0)
  expect(bucket.waitSeconds(0)).toBe(0)
  bucket.charge(1_050, 0)
  expect(bucket.waitSeconds(0)).toBeCloseTo(100)
  expect(bucket.waitSeconds(100_001)).toBe(0)
})

test('over a long time exactly the rate is let in', () => {
  const bucket = new TokenBucket(100, 0)
  let passed = 0
  for (let now = 0; now < 600_000; now += 10) {
    if (bucket.waitSeconds(now) > 0) continue
    bucket.charge(20, now)
    passed += 20
  }
  expect(passed).toBeGreaterThanOrEqual(600 * 100)
  expect(passed).toBeLessThanOrEqual(605 * 100 + 20)
})

test('a clock that goes back gives nothing and takes nothing', () => {
  const bucket = new TokenBucket(10, 10_000)
  bucket.charge(60, 10_000)
  expect(bucket.waitSeconds(5_000)).toBeCloseTo(1)
})

test('a new rate holds from then on', () => {
  const bucket = new TokenBucket(1_000, 0)
  bucket.setRate(10, 0)
  bucket.charge(60, 0)
  expect(bucket.waitSeconds(0)).toBeCloseTo(1)
})
