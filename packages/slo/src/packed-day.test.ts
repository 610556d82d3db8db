import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DayOfMinutes } from './day-of-minutes.ts'
import { MINUTES_OF_DAY, type MinutesOfDay } from './minutes-of-day.ts'
import { PackedDay } from './packed-day.ts'

const count = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 900, max: 1_100 }),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
)
const written = fc.record({ index: fc.integer({ min: 0, max: MINUTES_OF_DAY - 1 }), good: count, total: count })

function contentOf(day: MinutesOfDay) {
  return Array.from({ length: MINUTES_OF_DAY }, (_, i) => [day.isMeasured(i), day.good(i), day.total(i)])
}

function sumOf(day: MinutesOfDay, first: number, last: number) {
  const sum = { good: 0, total: 0 }
  day.addTo(sum, first, last)
  return sum
}

test('a packed day says of every minute and every stretch what the open one says, and opens as the same', () => {
  fc.assert(
    fc.property(
      fc.array(written, { maxLength: 100 }),
      fc.boolean(),
      fc.array(fc.tuple(fc.nat(MINUTES_OF_DAY - 1), fc.nat(MINUTES_OF_DAY - 1)), { maxLength: 5 }),
      (minutes, isWhole, stretches) => {
        const day = new DayOfMinutes()
        if (isWhole) for (let i = 0; i < MINUTES_OF_DAY; i++) day.set(i, 1_000, 1_000)
        for (const { index, good, total } of minutes) day.set(index, good, total)
        const packed = PackedDay.of(day)
        // More than 32 bits lie between the least and the most bad events.
        if (!packed) return
        expect(contentOf(packed)).toEqual(contentOf(day))
        expect(contentOf(packed.open())).toEqual(contentOf(day))
        expect(packed.firstMeasured()).toBe(day.firstMeasured())
        expect(packed.isWithoutEvents()).toBe(day.isWithoutEvents())
        for (const [first, last] of [...stretches, [0, MINUTES_OF_DAY - 1] as const]) {
          expect(sumOf(packed, first, last)).toEqual(sumOf(day, first, last))
          expect(packed.newest(last, true)).toBe(day.newest(last, true))
          expect(packed.newest(last, false)).toBe(day.newest(last, false))
        }
      },
    ),
    { numRuns: 200 },
  )
})

test('fractions, negative counts and differences beyond 32 bits are not packed', () => {
  const dayOf = (...counts: [good: number, total: number][]) => {
    const day = new DayOfMinutes()
    for (const [i, [good, total]] of counts.entries()) day.set(i, good, total)
    return PackedDay.of(day)
  }
  expect(dayOf([0.5, 1])).toBeNull()
  expect(dayOf([-1, 1])).toBeNull()
  expect(dayOf([0, 2 ** 33])).toBeNull()
  expect(dayOf([2 ** 32 - 1, 0], [0, 2 ** 32 - 1])).toBeNull()
  expect(dayOf([0, 2 ** 32 - 1])?.total(0)).toBe(2 ** 32 - 1)
  expect(dayOf()?.isMeasured(0)).toBe(false)
})
