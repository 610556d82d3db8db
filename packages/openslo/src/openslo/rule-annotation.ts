import { isDeepStrictEqual } from 'node:util'
import { desiredRule, type DesiredRule } from '../desired/desired.ts'
import type { AlertConditionSpec, AlertPolicySpec } from '../schema/alerts.ts'
import type { Metadata } from '../schema/metadata.ts'

/** Under this annotation an alert policy carries the whole rule of Nines that it stands for, as JSON. */
export const RULE_ANNOTATION = 'nines/rule'

/** The target that exported policies name, since OpenSLO asks for one. */
export const NINES_TARGET = 'escalation-policy-of-the-service'

/** The rule that an exported policy carries; undefined when there is none, or when the policy was edited since. */
export function annotatedRule(
  { annotations, displayName }: Metadata,
  policy: AlertPolicySpec,
  { severity, condition }: AlertConditionSpec,
): DesiredRule | undefined {
  const text = annotations?.[RULE_ANNOTATION]
  const parsed = text === undefined ? undefined : desiredRule.safeParse(parseJson(text))
  if (!parsed?.success) return undefined
  const rule = parsed.data
  const isAsExported =
    isDeepStrictEqual(condition, firstPair(rule)) &&
    severity === rule.severity &&
    displayName === rule.name.slice(0, 63) &&
    isDeepStrictEqual(switchesOf(policy), switchesOfRule(rule))
  return isAsExported ? rule : undefined
}

/** When a policy alerts, by itself and of a rule: silence has a switch of its own in OpenSLO, and no condition. */
const switchesOf = ({ alertWhenBreaching = false, alertWhenNoData = false }: Partial<AlertPolicySpec>) => ({
  alertWhenBreaching,
  alertWhenNoData,
})
export function switchesOfRule({ condition, enabled }: DesiredRule): ReturnType<typeof switchesOf> {
  return switchesOf(condition.kind === 'absence' ? { alertWhenNoData: enabled } : { alertWhenBreaching: enabled })
}

/** What OpenSLO can say of a rule's condition; of one for silence, something that its policy does not alert on. */
export function firstPair({ condition }: DesiredRule) {
  const [pair] = 'pairs' in condition ? condition.pairs : []
  const forSeconds = 'forSeconds' in condition ? condition.forSeconds : 0
  return {
    kind: 'burnrate' as const,
    op: 'gte' as const,
    threshold: pair?.factor ?? 1,
    lookbackWindow: `${Math.ceil((pair?.longSeconds ?? 60) / 60)}m`,
    ...(forSeconds > 0 && { alertAfter: `${Math.ceil(forSeconds / 60)}m` }),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
