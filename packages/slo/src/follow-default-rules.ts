import { isDeepStrictEqual } from 'node:util'
import { alertCondition, type AlertCondition, type Objective } from '@nines/contracts'
import { defaultAlertRules } from './default-alert-rules.ts'

/**
 * What a rule becomes when its SLO's objective changes: one that still is the default of the old objective follows the new
 * one; an edited one stays as its editor made it.
 */
export function followDefaultRule(
  rule: { name: string; condition: AlertCondition },
  before: Objective,
  after: Objective,
): AlertCondition {
  const named = (objective: Objective) => defaultAlertRules(objective).find(({ name }) => name === rule.name)
  const [old, replacement] = [named(before), named(after)]
  if (!old || !replacement) return rule.condition
  const isDefault = isDeepStrictEqual(alertCondition.parse(rule.condition), alertCondition.parse(old.condition))
  return isDefault ? replacement.condition : rule.condition
}
