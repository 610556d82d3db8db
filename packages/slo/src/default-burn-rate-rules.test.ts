import { burnRateCondition } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultBurnRateRules } from './default-burn-rate-rules.ts'

const factors = (target: number, windowDays: number) =>
  defaultBurnRateRules({ target, window: { kind: 'rolling', days: windowDays } }).map((rule) =>
    rule.condition.pairs.map((pair) => pair.factor),
  )

test.each([
  {
    target: 0.999,
    windowDays: 30,
    expected: [
      [14.4, 6],
      [3, 1],
    ],
  },
  {
    target: 0.999,
    windowDays: 28,
    expected: [
      [13.44, 5.6],
      [2.8, 1],
    ],
  },
  {
    target: 0.999,
    windowDays: 90,
    expected: [
      [43.2, 18],
      [9, 3],
    ],
  },
  {
    target: 0.999,
    windowDays: 7,
    expected: [
      [3.36, 1.4],
      [1, 1],
    ],
  },
  {
    target: 0.9,
    windowDays: 30,
    expected: [
      [8, 6],
      [3, 1],
    ],
  },
  {
    target: 0.95,
    windowDays: 90,
    expected: [
      [16, 16],
      [9, 3],
    ],
  },
  { target: 0.999, windowDays: 1, expected: [[1, 1], [1]] },
])('factors at $target over $windowDays days', ({ target, windowDays, expected }) => {
  expect(factors(target, windowDays)).toEqual(expected)
})

test('windows and severities of the two rules', () => {
  const rules = defaultBurnRateRules({ target: 0.99, window: { kind: 'rolling', days: 30 } })
  expect(rules.map((rule) => [rule.name, rule.severity])).toEqual([
    ['page', 'critical'],
    ['ticket', 'warning'],
  ])
  expect(rules.map((r) => r.condition.pairs.map((p) => [p.longSeconds, p.shortSeconds]))).toEqual([
    [
      [3600, 300],
      [21_600, 1800],
    ],
    [
      [86_400, 7200],
      [259_200, 21_600],
    ],
  ])
})

test('every default is valid, above 1 and can fire', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 0.99999, noNaN: true }),
      fc.integer({ min: 1, max: 366 }),
      (target, days) => {
        for (const rule of defaultBurnRateRules({ target, window: { kind: 'rolling', days } })) {
          expect(burnRateCondition.parse(rule.condition).pairs.length).toBeGreaterThan(0)
          for (const pair of rule.condition.pairs) {
            expect(pair.factor).toBeGreaterThanOrEqual(1)
            expect(pair.factor).toBeLessThanOrEqual(1 / (1 - target))
          }
        }
      },
    ),
  )
})
