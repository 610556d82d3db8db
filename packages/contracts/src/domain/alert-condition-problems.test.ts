import { expect, test } from 'vitest'
import { burnRateCondition } from './alert.ts'
import { alertConditionProblems } from './alert-condition-problems.ts'
import type { SloWindow } from './slo-window.ts'

const WEEK: SloWindow = { kind: 'rolling', days: 7 }

const problems = (pair: object, slo = { target: 0.999, window: WEEK }) =>
  alertConditionProblems(
    burnRateCondition.parse({
      kind: 'burn_rate',
      pairs: [{ longSeconds: 3600, shortSeconds: 300, factor: 14.4, ...pair }],
    }),
    slo,
  ).map((problem) => problem.path)

test('a condition that can be true has none', () => {
  expect(problems({})).toEqual([])
  expect(problems({ longSeconds: 7 * 86_400 })).toEqual([])
  expect(problems({ factor: 10 }, { target: 0.9, window: WEEK })).toEqual([])
  expect(
    alertConditionProblems(
      { kind: 'absence', unmeasuredSeconds: 900, resolveAfterSeconds: 0 },
      { target: 0.5, window: WEEK },
    ),
  ).toEqual([])
})

test.each([
  [{ longSeconds: 7 * 86_400 + 1 }, 'pairs/0/longSeconds'],
  [{ shortSeconds: 3601 }, 'pairs/0/shortSeconds'],
  [{ factor: 1001 }, 'pairs/0/factor'],
])('%j names %s', (pair, path) => {
  expect(problems(pair)).toEqual([path])
})
