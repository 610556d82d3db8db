import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  compareDecimals,
  cutDecimal,
  decimalOf,
  decimalText,
  dividedBy,
  minus,
  numberOf,
  parseDecimal,
  plus,
  times,
  type Decimal,
} from './decimal.ts'

const read = (text: string) => parseDecimal(text) as Decimal

test.each([
  ['99.95', '99.95'],
  [' 1 ', '1'],
  ['.5', '0.5'],
  ['5.', '5'],
  ['-0.500', '-0.5'],
  ['1e-7', '0.0000001'],
  ['1.5E3', '1500'],
  ['-0', '0'],
])('%j is %s', (text, expected) => {
  expect(decimalText(read(text))).toBe(expected)
})

test.each(['', '.', 'e5', '1,5', '1 2', '0x10', 'NaN', '1e99999'])('%j is no number', (text) => {
  expect(parseDecimal(text)).toBeNull()
})

test('what doubles get wrong is exact', () => {
  expect(decimalText(plus(decimalOf(0.1), decimalOf(0.2)))).toBe('0.3')
  expect(decimalText(times(minus(decimalOf(1), decimalOf(0.9)), decimalOf(10)))).toBe('1')
  expect(() => decimalOf(NaN)).toThrow(RangeError)
  expect(() => dividedBy(decimalOf(1), decimalOf(0), 3)).toThrow(RangeError)
})

test('quotients are cut toward minus infinity', () => {
  expect(decimalText(dividedBy(decimalOf(2), decimalOf(3), 4))).toBe('0.6666')
  expect(decimalText(dividedBy(decimalOf(-2), decimalOf(3), 4))).toBe('-0.6667')
  expect(decimalText(dividedBy(decimalOf(2), decimalOf(-3), 4))).toBe('-0.6667')
  expect(decimalText(cutDecimal(decimalOf(0.99999), 3))).toBe('0.999')
  expect(decimalText(cutDecimal(decimalOf(0.9), 3))).toBe('0.9')
})

test('every double goes through and comes back; sums, products and order are those of integers', () => {
  const whole = fc.integer({ min: -1_000_000, max: 1_000_000 })
  const places = fc.integer({ min: 0, max: 6 })
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), whole, whole, places, (value, a, b, scale) => {
      expect(numberOf(decimalOf(value))).toBe(value === 0 ? 0 : value)
      const [x, y] = [a, b].map((digits) => ({ digits: BigInt(digits), scale })) as [Decimal, Decimal]
      expect(numberOf(plus(x, y))).toBeCloseTo((a + b) / 10 ** scale, 9)
      expect(times(x, y).digits).toBe(BigInt(a) * BigInt(b))
      expect(Math.sign(compareDecimals(x, y))).toBe(Math.sign(a - b))
    }),
  )
})
