import { isDeepStrictEqual } from 'node:util'
import type { AlertCondition, Objective } from '@nines/contracts'
import { defaultAlertRules } from './default-alert-rules.ts'

/**
 * What a rule becomes when its SLO's objective changes: one that still is the default of the old objective follows the new
 * one; an edited one stays as its editor made it.
 */
export function followDefaultRule<Condition extends AlertCondition>(
  rule: { name: string; condition: Condition },
  before: Objective,
  after: Objective,
): Condition {
  const named = (objective: Objective) => defaultAlertRules(objective).find(({ name }) => name === rule.name)
  const [old, replacement] = [named(before), named(after)]
  if (!old || !replacement || !isDeepStrictEqual(rule.condition, old.condition)) return rule.condition
  // Equal to the old default, so of its kind, which is the new one's.
  return replacement.condition as Condition
}
