import type { Objective } from '@nines/contracts'
import { expect, test } from 'vitest'
import { defaultBurnRateRules } from './default-alert-rules.ts'
import { followDefaultRule } from './follow-default-rules.ts'

const before: Objective = { target: 0.999, window: { kind: 'rolling', days: 30 } }
const after: Objective = { target: 0.99, window: { kind: 'rolling', days: 7 } }

test('defaults follow a new objective, edited rules and rules of another name stay', () => {
  const [page, ticket] = defaultBurnRateRules(before)
  if (!page || !ticket) throw new Error('no defaults')
  expect(followDefaultRule(page, before, after)).toEqual(defaultBurnRateRules(after)[0]?.condition)
  const edited = { ...ticket, condition: { ...ticket.condition, forSeconds: 60 } }
  expect(followDefaultRule(edited, before, after)).toBe(edited.condition)
  const own = { ...page, name: 'mine' }
  expect(followDefaultRule(own, before, after)).toBe(own.condition)
})
