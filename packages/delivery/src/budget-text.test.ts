import { webhookBody } from '@nines/contracts'
import { expect, test } from 'vitest'
import { budgetSummary, budgetText, type BudgetFacts } from './budget-text.ts'

const context = { workspaceSlug: 'main', publicUrl: 'https://nines.example/', now: Date.parse('2026-01-02T03:04:05Z') }
const facts: BudgetFacts = {
  eventId: 'bev_1',
  kind: 'entered',
  cause: 'budget',
  at: context.now - 1000,
  budgetLeftBelow: 0.25,
  budgetRemaining: 0.24999,
  freezes: true,
  note: 'Reliability work goes first.',
  objective: { index: 0, target: 0.999, window: { kind: 'rolling', days: 30 } },
  slo: { id: 'slo_1', name: 'Orders succeed', version: 3 },
  service: { id: 'svc_1', name: 'Checkout', runbookUrl: null },
  policy: { id: 'bpo_1', name: 'Shop' },
}
const read = (text: string) => webhookBody.parse(JSON.parse(text))

test('a crossing says what is left of what, what it does and what was agreed on', () => {
  const body = read(budgetText(context, facts, { action: 'notify', also: [0.5] }))
  expect(body.type).toBe('budget.threshold_crossed')
  expect(body.data.message).toBe(
    '[budget] Checkout: Orders succeed is at 25 % of its error budget or below: 24.99 % is left (99.9 % over 30 days). ' +
      'Deploys are frozen. Reliability work goes first.',
  )
  expect(body.data.budget).toMatchObject({
    eventId: 'bev_1',
    action: 'notify',
    status: 'open',
    also: [0.5],
    budgetRemaining: 0.24999,
    at: '2026-01-02T03:04:04.000Z',
    slo: { id: 'slo_1', version: 3, url: 'https://nines.example/w/main/slos/slo_1' },
  })
})

test('messages about one threshold share a key, whatever they say of it; others have their own', () => {
  const key = (change: Partial<BudgetFacts>) =>
    read(budgetText(context, { ...facts, ...change }, { action: 'ticket', also: [] })).data.budget?.dedupKey
  expect(key({})).toBe('nines/budget/slo_1/0/0.25')
  const cleared: Partial<BudgetFacts> = {
    kind: 'left',
    eventId: 'bev_2',
    budgetRemaining: 1,
    slo: { ...facts.slo, version: 4 },
  }
  expect(key(cleared)).toBe(key({}))
  expect(key({ budgetLeftBelow: 0 })).not.toBe(key({}))
  expect(key({ objective: { ...facts.objective, index: 1 } })).not.toBe(key({}))
})

test.each([
  ['budget', 'Orders succeed is above 25 % of its error budget again: 31 % is left (99.9 % over 30 days).'],
  ['period', 'Orders succeed has a new error budget: a month began (99.9 % over calendar month (UTC)).'],
  ['policy', 'The policy Shop no longer watches 25 % of the error budget of Orders succeed (99.9 % over 30 days).'],
] as const)('cleared by %s', (cause, sentence) => {
  const window = { kind: 'calendar', unit: 'month', zone: 'UTC' } as const
  const objective = cause === 'period' ? { ...facts.objective, window } : facts.objective
  const left = { ...facts, kind: 'left' as const, cause, budgetRemaining: 0.31, objective }
  expect(budgetSummary(left)).toBe(`${sentence} It freezes deploys no more.`)
  expect(read(budgetText(context, left, { action: 'notify', also: [] })).type).toBe('budget.threshold_cleared')
})
