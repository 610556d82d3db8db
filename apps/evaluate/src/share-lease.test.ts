import { expect, test } from 'vitest'
import { ShareLease } from './share-lease.ts'

const at = (monotonic: number, wall = 1_000_000 + monotonic) => ({ monotonic, wall })

test('nothing is held before the first beat, and the first beat found nothing lapsed', () => {
  const lease = new ShareLease(5_000)
  expect(lease.isHeldAt(at(0))).toBe(false)
  expect(lease.renew(at(0), at(20))).toBe(false)
  expect(lease.isHeldAt(at(20))).toBe(true)
})

test('it is counted from the moment before the beat was sent', () => {
  const lease = new ShareLease(5_000)
  lease.renew(at(0), at(4_000))
  expect(lease.isHeldAt(at(4_999))).toBe(true)
  expect(lease.isHeldAt(at(5_000))).toBe(false)
})

test('a beat in time lost nothing; one after the end says that somebody else may have acted', () => {
  const lease = new ShareLease(5_000)
  lease.renew(at(0), at(5))
  expect(lease.renew(at(4_000), at(4_900))).toBe(false)
  expect(lease.renew(at(8_500), at(9_100))).toBe(true)
  expect(lease.isHeldAt(at(9_100))).toBe(true)
})

test('a machine that slept has lost it, whichever clock stood still; a clock set back keeps it no longer', () => {
  const lease = new ShareLease(5_000)
  lease.renew(at(0), at(5))
  expect(lease.isHeldAt(at(100, 1_000_000 + 60_000))).toBe(false)
  expect(lease.isHeldAt(at(60_000, 1_000_100))).toBe(false)
  expect(lease.isHeldAt(at(4_999, 0))).toBe(true)
  expect(lease.isHeldAt(at(5_000, 0))).toBe(false)
})

test('who was silent itself buries nobody until it was heard for the length of a lease', () => {
  const lease = new ShareLease(5_000)
  expect(lease.mayBuryAt(at(0))).toBe(true)
  lease.renew(at(0), at(5))
  expect(lease.mayBuryAt(at(1_000))).toBe(true)
  expect(lease.mayBuryAt(at(9_000))).toBe(false)
  lease.renew(at(9_000), at(9_010))
  for (let now = 10_000; now < 14_000; now += 1_000) {
    expect(lease.mayBuryAt(at(now))).toBe(false)
    lease.renew(at(now), at(now + 10))
  }
  expect(lease.mayBuryAt(at(14_010))).toBe(true)
})
