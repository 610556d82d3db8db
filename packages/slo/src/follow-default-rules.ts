import { isDeepStrictEqual } from 'node:util'
import { burnRateCondition, type BurnRateCondition, type Objective } from '@nines/contracts'
import { defaultBurnRateRules } from './default-burn-rate-rules.ts'

/**
 * What a rule becomes when its SLO's objective changes: one that still is the default of the old objective follows the new
 * one; an edited one stays as its editor made it.
 */
export function followDefaultRule(
  rule: { name: string; condition: BurnRateCondition },
  before: Objective,
  after: Objective,
): BurnRateCondition {
  const named = (objective: Objective) => defaultBurnRateRules(objective).find(({ name }) => name === rule.name)
  const [old, replacement] = [named(before), named(after)]
  if (!old || !replacement) return rule.condition
  const isDefault = isDeepStrictEqual(burnRateCondition.parse(rule.condition), burnRateCondition.parse(old.condition))
  return isDefault ? replacement.condition : rule.condition
}
