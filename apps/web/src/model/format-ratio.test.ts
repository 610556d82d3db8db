import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatBudget, formatRatio, formatTarget } from './format-ratio.ts'

const numberOf = (text: string) => Number(text.replace(/[ %<>,]/g, '').replace('−', '-'))

describe('formatRatio', () => {
  test.each([
    [0.9995, '99.95 %'],
    [0.99949, '99.949 %'],
    [0.9989996, '99.89 %'],
    [0.999, '99.90 %'],
    [0.99999, '99.999 %'],
    [0.99999999, '99.999999 %'],
    [0.999999999, '> 99.999999 %'],
    [0.9999999999999, '> 99.999999 %'],
    [1, '100 %'],
    [0, '0 %'],
    [0.5, '50.00 %'],
    [0.00001, '0.001 %'],
    [1e-12, '< 0.000001 %'],
    [null, '–'],
    [undefined, '–'],
    [Number.NaN, '–'],
  ])('%s is %s', (ratio, text) => {
    expect(formatRatio(ratio)).toBe(text)
  })

  test('never reaches 100 from below nor 0 from above, and never overstates', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-15, max: 1 - 1e-15, noNaN: true }), (ratio) => {
        const text = formatRatio(ratio)
        expect(text).not.toBe('100 %')
        expect(text).not.toMatch(/^0(\.0+)? %$/)
        if (!/[<>]/.test(text)) expect(numberOf(text)).toBeLessThanOrEqual(ratio * 100 + 1e-9)
      }),
    )
  })

  test('a ratio below its target is shown below its target', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0.9, 0.99, 0.995, 0.999, 0.9995, 0.9999),
        fc.double({ min: 1e-9, max: 0.01, noNaN: true }),
        (target, gap) => {
          const shown = formatRatio(target - gap)
          if (!/[<>]/.test(shown)) expect(numberOf(shown)).toBeLessThan(Number((target * 100).toPrecision(12)))
        },
      ),
    )
  })
})

test.each([
  [0.734, '73.4 %'],
  [1, '100 %'],
  [0.9996, '99.96 %'],
  [0, '0 %'],
  [-0.29, '−29.0 %'],
  [-1.5, '−150.0 %'],
  [0.004, '0.40 %'],
])('budget %s is %s', (remaining, text) => {
  expect(formatBudget(remaining)).toBe(text)
})

test.each([
  [0.999, '99.9 %'],
  [0.9995, '99.95 %'],
  [0.95, '95 %'],
  [0.99999, '99.999 %'],
])('target %s is %s', (target, text) => {
  expect(formatTarget(target)).toBe(text)
})
