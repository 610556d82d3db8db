import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitsOf, HARD_BITS, joinedBits } from './joined-value.fixture.ts'
import { BITS } from './split-units.ts'
import { splitValues } from './split-values.ts'

const bytesOf = (bits: readonly bigint[]) => Buffer.from(BigUint64Array.from(bits).buffer)
const splitAll = (values: readonly number[]) => splitValues([bytesOf(values.map(bitsOf))], values.length)

function expectSame(bits: readonly bigint[]): void {
  const split = splitValues([bytesOf(bits)], bits.length)
  expect(bits.map((_, row) => joinedBits(split, row))).toEqual(bits)
}

/** Decimals, decimals that were added up, and what lies some last places beside them. */
const decimal = fc
  .record({
    count: fc.oneof(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.maxSafeInteger()),
    unit: fc.constantFrom(1, 2, 10, 100, 1000, 10_000, 1_000_000),
    beside: fc.oneof(
      fc.constant(0),
      fc.integer({ min: -2000, max: 2000 }),
      fc.integer({ min: -600_000, max: 600_000 }),
    ),
  })
  .map(({ count, unit, beside }) => BigInt.asUintN(64, bitsOf(count / unit) + BigInt(beside)))

test('every bit of every double comes back', () => {
  fc.assert(fc.property(fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: 1 }), expectSame), {
    numRuns: 500,
  })
  fc.assert(fc.property(fc.array(fc.double().map(bitsOf), { minLength: 1 }), expectSame), { numRuns: 500 })
  fc.assert(fc.property(fc.array(decimal, { minLength: 1 }), expectSame), { numRuns: 2000 })
})

test('limits, infinities, zeros and each NaN come back', () => expectSame(HARD_BITS))

test('whole numbers have no rest, and decimals one that compresses', () => {
  const { whole, rest } = splitAll([3, -7, 2 ** 40, -(2 ** 53), 1.5, -1.5, 0.001, 12.000001, Math.PI])
  expect([...rest.subarray(0, 4)]).toEqual([0, 0, 0, 0])
  expect([...new BigInt64Array(whole.buffer)].slice(0, 8)).toEqual([3n, -7n, 2n ** 40n, -(2n ** 53n), 1n, -2n, 0n, 12n])
  expect([...rest.subarray(4)]).toEqual([50 * 4, 50 * 4, 1 * 4 + 1, 1 * 4 + 2, BITS])
})

test('a sum of hundredths keeps to hundredths', () => {
  let sum = 0
  const values = Array.from({ length: 5000 }, (_, i) => (sum += ((i * 7919) % 65_536) / 100))
  const { rest } = splitAll(values)
  expect(rest.every((left) => (left & 3) === 0)).toBe(true)
})

test('pieces follow each other wherever they lie in memory', () => {
  const bits = [1, 0.5, Math.E, -2].map(bitsOf)
  const memory = Buffer.alloc(45)
  bytesOf(bits.slice(1)).copy(memory, 3)
  const split = splitValues([bytesOf(bits.slice(0, 1)), memory.subarray(3, 3), memory.subarray(3, 27)], 4)
  expect(bits.map((_, row) => joinedBits(split, row))).toEqual(bits)
})
