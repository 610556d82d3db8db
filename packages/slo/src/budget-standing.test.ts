import type { BudgetReading, BudgetStep } from '@nines/contracts'
import { expect, test } from 'vitest'
import { budgetNotices } from './budget-notices.ts'
import { budgetStanding, type StandingTerms } from './budget-standing.ts'
import { NO_BUDGET_STEPS, type BudgetCrossing, type BudgetMachine } from './budget-steps.ts'
import { decideGate } from './freeze-gate.ts'

const NOW = Date.UTC(2026, 0, 10)
const JANUARY = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 1, 1) }
const MONTH = { kind: 'calendar', unit: 'month', zone: 'UTC' } as const
const steps: BudgetStep[] = [
  { budgetLeftBelow: 0.25, actions: [{ kind: 'notify', channelId: 'ops' }] },
  { budgetLeftBelow: 0, actions: [{ kind: 'notify', channelId: 'ops' }, { kind: 'freeze' }] },
]
const terms: StandingTerms = { steps, margin: 0.05, objective: 0, onUnknown: 'allow' }
const readingOf = (left: number | null, change: Partial<BudgetReading> = {}): BudgetReading => {
  const objective = { objective: 0, target: 0.999, window: MONTH, ...JANUARY, budgetRemaining: left }
  return { version: 1, at: NOW, isMeasured: true, objectives: [objective], ...change }
}
const frozen = {
  version: 1,
  at: NOW - 3_600_000,
  entered: [{ objective: 0, budgetLeftBelow: 0, since: NOW - 3_600_000 }],
}

/** What the gate says: whether deploys pass, and why. */
function gate(machine: BudgetMachine, reading: BudgetReading | null, change: Partial<StandingTerms> = {}) {
  const all = { ...terms, ...change }
  const policy = { name: 'Shop', margin: all.margin, standing: budgetStanding(machine, all, reading), reading }
  const question = { minimum: null, policy, hasException: false, now: NOW }
  const { allowed, reasons } = decideGate({ at: NOW, budgetRemaining: 0.5 }, question)
  return [allowed, ...reasons.map(({ code }) => code)]
}

test.each([
  ['enough left', gate(NO_BUDGET_STEPS, readingOf(0.5)), [true, 'policy_open']],
  ['a step without a freeze', gate(NO_BUDGET_STEPS, readingOf(0.1)), [true, 'policy_open']],
  [
    'spent before it followed the policy',
    gate({ ...NO_BUDGET_STEPS, at: NOW + 1 }, readingOf(0)),
    [false, 'policy_frozen'],
  ],
  ['spent, and nobody has it on record yet', gate(NO_BUDGET_STEPS, readingOf(0)), [false, 'policy_frozen']],
  ['spent before, between now', gate(frozen, readingOf(0.03)), [false, 'policy_frozen']],
  ['back above the margin', gate(frozen, readingOf(0.06)), [true, 'policy_open']],
  [
    'frozen, then silent',
    gate(frozen, readingOf(1, { isMeasured: false })),
    [false, 'policy_frozen', 'unknown_frozen'],
  ],
  ['frozen, then nobody evaluates', gate(frozen, null), [false, 'policy_frozen', 'unknown_frozen']],
  ['unknown, fail-open', gate(NO_BUDGET_STEPS, readingOf(null)), [true, 'unknown_open']],
  ['unknown, fail-closed', gate(NO_BUDGET_STEPS, null, { onUnknown: 'freeze' }), [false, 'unknown_frozen']],
  [
    'unknown, fail-closed, but nothing freezes',
    gate(NO_BUDGET_STEPS, null, { onUnknown: 'freeze', steps: steps.slice(0, 1) }),
    [true, 'unknown_open'],
  ],
  ['an objective that is no more', gate(NO_BUDGET_STEPS, readingOf(0.5), { objective: 3 }), [true, 'unknown_open']],
  ['of all objectives the least', gate(NO_BUDGET_STEPS, readingOf(-1), { objective: null }), [false, 'policy_frozen']],
])('%s', (_, found, expected) => {
  expect(found).toEqual(expected)
})

test('a freeze says what it is, since when and what ends it; an exception lifts it, a minimum is asked beside it', () => {
  const reading = readingOf(-0.125)
  const policy = { name: 'Shop', margin: 0.05, standing: budgetStanding(frozen, terms, reading), reading }
  const question = { minimum: 0.1, policy, hasException: true, now: NOW }
  const { allowed, reasons } = decideGate({ at: NOW, budgetRemaining: 0.05 }, question)
  expect(allowed).toBe(true)
  expect(reasons.map(({ code }) => code)).toEqual(['policy_frozen', 'budget_low', 'exception'])
  expect(reasons[0]?.message).toBe(
    'The policy “Shop” freezes deploys at 0 %: the budget (99.9 % over calendar month (UTC)) is overspent by 12.5 %. ' +
      'In force since 9 Jan 2026, 23:00 UTC, until more than 5 % is left again, or on 1 Feb 2026, 00:00 UTC with the next period.',
  )
})

const crossing = (
  budgetLeftBelow: number,
  kind: BudgetCrossing['kind'] = 'entered',
  objective = 0,
): BudgetCrossing => ({
  kind,
  cause: 'budget',
  objective,
  budgetLeftBelow,
  at: NOW,
  budgetRemaining: 0,
})

test('thresholds crossed at once are one notification a channel; each ticket has its own message', () => {
  const ticket = { kind: 'ticket' as const, channelId: 'jira' }
  const notify = { kind: 'notify' as const, channelId: 'ops' }
  const many: BudgetStep[] = [
    { budgetLeftBelow: 0.5, actions: [notify, ticket] },
    { budgetLeftBelow: 0.25, actions: [notify] },
    { budgetLeftBelow: 0, actions: [notify, ticket, { kind: 'freeze' }] },
  ]
  expect(budgetNotices([crossing(0.5), crossing(0.25), crossing(0)], many)).toEqual([
    { crossing: 0, action: 'ticket', channelId: 'jira', also: [] },
    { crossing: 2, action: 'notify', channelId: 'ops', also: [0.5, 0.25] },
    { crossing: 2, action: 'ticket', channelId: 'jira', also: [] },
  ])
  const cleared = budgetNotices([crossing(0.5, 'left'), crossing(0.25, 'left'), crossing(0.25, 'left', 1)], many)
  expect(cleared.filter(({ action }) => action === 'notify')).toEqual([
    { crossing: 0, action: 'notify', channelId: 'ops', also: [0.25] },
    { crossing: 2, action: 'notify', channelId: 'ops', also: [] },
  ])
  expect(budgetNotices([crossing(0.75)], many)).toEqual([])
})
