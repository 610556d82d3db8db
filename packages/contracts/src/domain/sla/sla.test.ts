import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareDecimals, decimalText, numberOf, type Decimal } from '../decimal.ts'
import { downtimeText, parseDowntime } from './downtime-text.ts'
import { slaBasis } from './sla-basis.ts'
import {
  allowedBad,
  allowedDowntime,
  availabilityAfter,
  availabilityOf,
  countNines,
  inParallel,
  inSeries,
  ninesOf,
  percentText,
} from './sla.ts'

const basisMs = (id: string) => slaBasis(id)?.ms as Decimal
const a = (percent: string) => availabilityOf(percent) as Decimal

/** Worked out by hand: (100 − target) % of the basis. */
test.each([
  ['99.999', '365d', '5 min 15.36 s'],
  ['99.999', '365.25d', '5 min 15.576 s'],
  ['99.999', '366d', '5 min 16.224 s'],
  ['99.999', '2028', '5 min 16.224 s'],
  ['99.999', '30d', '25.92 s'],
  ['99.999', '28d', '24.192 s'],
  ['99.999', '7d', '6.048 s'],
  ['99.999', '1d', '0.864 s'],
  ['99.9999999', '1d', '0.0864 ms'],
  ['99.99', '365d', '52 min 33.6 s'],
  ['99.95', '30d', '21 min 36 s'],
  ['99.9', '30d', '43 min 12 s'],
  ['99.9', '28d', '40 min 19.2 s'],
  ['99.9', '7d', '10 min 4.8 s'],
  ['99.9', '1d', '1 min 26.4 s'],
  ['99.9', '365d', '8 h 45 min 36 s'],
  ['99.9', '2026-02', '40 min 19.2 s'],
  ['99.9', '2028-02', '41 min 45.6 s'],
  ['99.9', '2026-01', '44 min 38.4 s'],
  ['99.9', '2026-Q1', '2 h 9 min 36 s'],
  ['99.9', '2026-Q4', '2 h 12 min 28.8 s'],
  ['99.9', '173.5h', '10 min 24.6 s'],
  ['99', '365d', '3 d 15 h 36 min'],
  ['90', '365d', '36 d 12 h'],
  ['0', '1d', '1 d'],
  ['100', '365d', '0 s'],
])('%s %% of %s allows %s', (target, basis, expected) => {
  expect(downtimeText(allowedDowntime(a(target), basisMs(basis)))).toBe(expected)
})

test.each([
  ['30d', '30 days'],
  ['1d', '1 day'],
  ['160h', '160 hours'],
  ['2026', 'the year 2026 (365 days)'],
  ['2026-02', 'February 2026 (28 days)'],
  ['2026-Q3', '3rd quarter of 2026 (92 days)'],
])('the basis %s is %s', (id, name) => {
  expect(slaBasis(id)).toMatchObject({ id, name })
})

test.each(['', '0d', '30', '2026-13', '2026-Q5', '1.2.3d', '-1d', 'd', '0000'])('%j is no basis', (id) => {
  expect(slaBasis(id)).toBeNull()
})

test.each(['', 'x', '-1', '100.0001', '1e5'])('%j is no availability', (percent) => {
  expect(availabilityOf(percent)).toBeNull()
})

describe('back from downtime', () => {
  test.each([
    ['5 min 15.36 s', '365d', '99.999 %', 5],
    ['43m12s', '30d', '99.9 %', 3],
    ['26 s', '365d', '99.9999175545408 %', 6],
    ['1 d', '1d', '0 %', 0],
    ['36 h', '1d', '-50 %', 0],
    ['0 s', '30d', '100 %', null],
  ])('%s in %s is %s', (downtime, basis, percent, nines) => {
    const availability = availabilityAfter(parseDowntime(downtime) as Decimal, basisMs(basis))
    expect(percentText(availability)).toBe(percent)
    expect(countNines(availability)).toBe(nines)
  })

  test('never better than it was, and as long again to a part in 10^12', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_592_000_000 }), (ms) => {
        const availability = availabilityAfter({ digits: BigInt(ms), scale: 0 }, basisMs('30d'))
        const again = allowedDowntime(availability, basisMs('30d'))
        expect(compareDecimals(again, { digits: BigInt(ms), scale: 0 })).toBeGreaterThanOrEqual(0)
        expect(numberOf(again)).toBeLessThan(ms + 0.001)
      }),
    )
  })
})

test.each([
  ['43 min 12 s', '2592000'],
  ['1.5 h', '5400000'],
  ['2d 3h', '183600000'],
  ['250ms', '250'],
  ['5 minutes', '300000'],
])('%s is %s ms', (text, ms) => {
  expect(decimalText(parseDowntime(text) as Decimal)).toBe(ms)
})
test.each(['', '5', 'min', '5 parsecs', '5 min foo', '5 mins late'])('%j is no time', (text) => {
  expect(parseDowntime(text)).toBeNull()
})
test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), (digits) => {
      expect(decimalText(parseDowntime(downtimeText({ digits, scale: 0 })) as Decimal)).toBe(String(digits))
    }),
  )
})

describe('nines', () => {
  test.each([
    ['99.95', 3, 3.30103],
    ['99.9', 3, 3],
    ['99.89', 2, 2.958607],
    ['50', 0, 0.30103],
    ['0', 0, 0],
  ])('%s %% has %d, or %d', (percent, count, nines) => {
    expect(countNines(a(percent))).toBe(count)
    expect(ninesOf(a(percent))).toBeCloseTo(nines, 5)
  })
})

test.each([
  ['99.9', 1_000_000n, 1000n],
  ['99.999', 99_999n, 0n],
  ['99.999', 100_000n, 1n],
  ['90', 10n, 1n],
  ['99.95', 10n ** 18n, 5n * 10n ** 14n],
])('of %s %% of %d requests %d may be bad', (percent, requests, bad) => {
  expect(allowedBad(a(percent), requests)).toBe(bad)
})

describe('dependencies', () => {
  test('in series the product, in parallel what is left when all fail', () => {
    expect(percentText(inSeries([a('99.9'), a('99.9')]))).toBe('99.8001 %')
    expect(percentText(inParallel([a('99.9'), a('99.9')]))).toBe('99.9999 %')
    expect(percentText(inSeries([a('99.99'), inParallel([a('99'), a('98')])]))).toBe('99.970002 %')
    expect(percentText(inSeries([]))).toBe('100 %')
  })
  test('series never gain and alternatives never lose, whatever the order', () => {
    const one = fc.integer({ min: 0, max: 100_000 }).map((n): Decimal => ({ digits: BigInt(n), scale: 5 }))
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 8 }), (list) => {
        for (const each of list) {
          expect(compareDecimals(inSeries(list), each)).toBeLessThanOrEqual(0)
          expect(compareDecimals(inParallel(list), each)).toBeGreaterThanOrEqual(0)
        }
        expect(decimalText(inSeries(list.toReversed()))).toBe(decimalText(inSeries(list)))
        expect(numberOf(inSeries(list))).toBeCloseTo(
          list.map(numberOf).reduce((x, y) => x * y, 1),
          12,
        )
      }),
    )
  })
})
