import { budgetPolicyInput, type BudgetEventDto, type BudgetPolicyDto, type BudgetStandingDto } from '@nines/contracts'
import { expect, test } from 'vitest'
import { budgetPolicyBody, budgetPolicyField, budgetPolicyValues, newBudgetStep } from './budget-policy-form.ts'
import { actionTexts, crossingText, policyChangeText, standingText, thresholdText } from './budget-policy-words.ts'

const standing: BudgetStandingDto = {
  budgetRemaining: 0.29,
  inForce: [],
  frozenBy: [],
  isUnknown: false,
  isFrozen: false,
}
const policy: BudgetPolicyDto = {
  id: 'bpo_1',
  name: 'Shop',
  description: 'As agreed.',
  steps: [
    { budgetLeftBelow: 0.29, actions: [{ kind: 'notify', channelId: 'chn_1' }] },
    {
      budgetLeftBelow: -0.1,
      actions: [
        { kind: 'ticket', channelId: 'chn_2' },
        { kind: 'freeze' },
        { kind: 'note', text: 'Reliability first.' },
      ],
    },
  ],
  margin: 0.07,
  onUnknown: 'freeze',
  slos: [{ id: 'slo_1', name: 'Orders', serviceName: 'Shop', objective: null, standing }],
  createdAt: '2026-01-01T00:00:00Z',
  createdBy: 'Ada',
  updatedAt: '2026-01-01T00:00:00Z',
  updatedBy: 'Ada',
}

test('a policy comes out of the form as it went in: exact shares, every action, the objective that is watched', () => {
  const values = budgetPolicyValues(policy)
  expect(values.steps.map(({ leftPercent }) => leftPercent)).toEqual([29, -10])
  const { name, description, steps, margin, onUnknown } = policy
  const slos = [{ id: 'slo_1', objective: null }]
  expect(budgetPolicyBody(values, policy)).toEqual({ name, description, steps, margin, onUnknown, slos })
  const more = budgetPolicyBody({ ...values, slos: ['slo_1', 'slo_2'] }, policy)
  expect(more.slos).toEqual([...slos, { id: 'slo_2', objective: 0 }])
})

test('what is missing is named at the field that lacks it', () => {
  const values = { ...budgetPolicyValues(undefined), steps: [newBudgetStep('')] }
  const { error } = budgetPolicyInput.safeParse(budgetPolicyBody(values, undefined))
  const fields = error?.issues.map(({ path }) => budgetPolicyField(path.join('.')))
  expect(fields?.toSorted()).toEqual(['name', 'steps.0.leftPercent', 'steps.0.notify'])
  expect([budgetPolicyField('margin'), budgetPolicyField('slos.3.id')]).toEqual(['marginPercent', 'slos'])
})

test('thresholds, actions, standings and crossings in words', () => {
  expect([thresholdText(0.25), thresholdText(0), thresholdText(-0.1)]).toEqual(['25 %', '0 %', '−10 %'])
  expect(policy.steps.flatMap(({ actions }) => actionTexts(actions, (id) => id))).toEqual([
    'tell chn_1',
    'open a ticket through chn_2',
    'freeze deploys',
    '“Reliability first.”',
  ])
  const inForce = [0.5, 0.25].map((budgetLeftBelow) => ({ objective: 0, budgetLeftBelow, since: 0 }))
  expect(standingText(standing)).toBe('Clear')
  expect(standingText({ ...standing, isUnknown: true })).toBe('Unknown')
  expect(standingText({ ...standing, inForce })).toBe('At 25 %')
  expect(standingText({ ...standing, inForce, isFrozen: true })).toBe('Frozen')
  const event = { kind: 'left', cause: 'budget', budgetLeftBelow: 0.25 } as BudgetEventDto
  expect(crossingText({ ...event, kind: 'entered' })).toBe('Fell to 25 %')
  expect(crossingText(event)).toBe('Rose above 25 %')
  expect(crossingText({ ...event, cause: 'period' })).toBe('Left 25 %: a new period began')
  const change = { id: 'bpc_1', at: '', by: 'Ada', slo: { id: 'slo_1', name: 'Orders' }, fields: [] }
  expect(
    policyChangeText({ ...change, kind: 'attached', fields: [{ field: 'objective', before: null, after: 1 }] }),
  ).toBe('let Orders follow it, objective 2')
  const fields = ['steps', 'margin'].map((field) => ({ field, before: 0, after: 1 }))
  expect(policyChangeText({ ...change, kind: 'changed', fields })).toBe('changed the steps, the margin')
})
