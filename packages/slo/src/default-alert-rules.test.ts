import {
  alertCondition,
  alertConditionProblems,
  type BurnRateCondition,
  type BurnRatePair,
  type SloWindow,
} from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultAlertRules, defaultBurnRateRules } from './default-alert-rules.ts'
import { pairVerdict } from './pair-verdict.ts'

const days = (count: number): SloWindow => ({ kind: 'rolling', days: count })
const factors = (target: number, windowDays: number) =>
  defaultBurnRateRules({ target, window: days(windowDays) }).map((rule) =>
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
  const rules = defaultBurnRateRules({ target: 0.99, window: days(30) })
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

test('silence opens an alert of its own', () => {
  const rules = defaultAlertRules({ target: 0.99, window: days(30) })
  expect(rules.map((rule) => [rule.name, rule.severity, rule.condition.kind])).toEqual([
    ['page', 'critical', 'burn_rate'],
    ['ticket', 'warning', 'burn_rate'],
    ['silence', 'warning', 'absence'],
  ])
  for (const rule of rules) expect(alertCondition.parse(rule.condition)).toEqual(rule.condition)
})

const WINDOWS = Array.from({ length: 366 }, (_, i) => i + 1)
const TARGETS = [0.5, 0.6, 0.75, 0.8, 0.9, 0.93, 0.95, 0.975, 0.98, 0.99, 0.995, 0.997, 0.999, 0.9995, 0.9999, 0.99999]

test.each(TARGETS)('windows of 1 to 366 days at %d: every default can fire and none while the SLO is met', (target) => {
  const verdict = (good: number, total: number, pair: BurnRatePair, rule: BurnRateCondition) => {
    const windowOf = (windowSeconds: number) => ({
      windowSeconds,
      good,
      total,
      burnRate: (total - good) / total / (1 - target),
    })
    const windows = { long: windowOf(pair.longSeconds), short: windowOf(pair.shortSeconds) }
    return pairVerdict(pair, windows, rule, target).verdict
  }
  for (const windowDays of WINDOWS) {
    for (const { condition } of defaultBurnRateRules({ target, window: days(windowDays) })) {
      expect(condition.pairs.length).toBeGreaterThan(0)
      expect(alertConditionProblems(condition, { target, window: days(windowDays) })).toEqual([])
      for (const pair of condition.pairs) {
        expect(pair.factor).toBeGreaterThanOrEqual(1)
        // Firable: a total outage of a long window, once there were events enough to tell it from chance.
        expect(verdict(0, 30, pair, condition)).toBe('true')
        // So is four fifths of one, at any target at which that is worse than the target.
        expect(verdict(1900, 10_000, pair, condition)).toBe('true')
        // Met, to the last event that the budget allows: in windows of any size.
        for (const total of [1, 7, 100, 12_345, 1e6, 3.3e8]) {
          const allowed = Math.floor(total * (1 - target) * (1 + 1e-12))
          expect(verdict(total - allowed, total, pair, condition)).not.toBe('true')
        }
      }
    }
  }
})

test('no default is true while the burn of its long window is at most 1, whatever the counts', () => {
  const budget = fc.double({ min: 1e-5, max: 0.5, noNaN: true })
  const size = fc.double({ min: 0, max: 12, noNaN: true }).map((power) => Math.floor(10 ** power))
  fc.assert(
    fc.property(
      budget,
      size,
      fc.constantFrom(...WINDOWS),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (spare, total, windowDays, share) => {
        const target = 1 - spare
        const bad = total * (1 - target) * share
        const window = { windowSeconds: 3600, good: total - bad, total, burnRate: bad / total / (1 - target) }
        for (const { condition } of defaultBurnRateRules({ target, window: days(windowDays) })) {
          for (const pair of condition.pairs) {
            expect(pairVerdict(pair, { long: window, short: window }, condition, target).verdict).not.toBe('true')
          }
        }
      },
    ),
  )
})
