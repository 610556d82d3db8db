import { expect, test } from 'vitest'
import { decideGate } from './freeze-gate.ts'

const NOW = Date.UTC(2026, 0, 1)
const decide = (budgetRemaining: number | null, change: Partial<Parameters<typeof decideGate>[1]> = {}, age = 1000) => {
  const given = { minimum: 0, policy: null, hasException: false, now: NOW, ...change }
  const { allowed, reasons } = decideGate({ at: NOW - age, budgetRemaining }, given)
  return [allowed, ...reasons.map(({ code }) => code)]
}

test.each([
  [decide(0.5), [true, 'budget_left']],
  [decide(0), [false, 'budget_low']],
  [decide(-2), [false, 'budget_low']],
  [decide(0.1, { minimum: 0.1 }), [false, 'budget_low']],
  [decide(0.1000001, { minimum: 0.1 }), [true, 'budget_left']],
  [decide(-2, { hasException: true }), [true, 'budget_low', 'exception']],
  [decide(0.5, { hasException: true }), [true, 'budget_left']],
  [decide(null), [true, 'no_budget']],
  [decide(-1, {}, 600_000), [false, 'budget_low', 'stale']],
])('%#: %j', (found, expected) => {
  expect(found).toEqual(expected)
})

test('before the first evaluation deploys pass; figures are cut, not rounded', () => {
  const question = { minimum: null, policy: null, hasException: false, now: NOW }
  expect(decideGate(null, question).allowed).toBe(true)
  const { reasons } = decideGate({ at: NOW, budgetRemaining: 0.09999 }, { ...question, minimum: 0.1 })
  expect(reasons[0]?.message).toBe(
    '9.99 % of the error budget is left, and more than 10 % must be: deploys are frozen.',
  )
  const overspent = decideGate({ at: NOW, budgetRemaining: -1.32551 }, question)
  expect(overspent.reasons[0]?.message).toBe('The error budget is overspent by 132.56 %: deploys are frozen.')
})
