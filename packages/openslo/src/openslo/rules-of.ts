import { burnRateCondition } from '@nines/contracts'
import type { DesiredRule, Note } from '../desired/desired.ts'
import { severityOf } from '../desired/severity-of.ts'
import { silenceRule } from '../desired/silence-rule.ts'
import type { AlertConditionSpec, AlertPolicySpec } from '../schema/alerts.ts'
import type { Metadata } from '../schema/metadata.ts'
import type { SloSpecification } from '../schema/slo.ts'
import { secondsOf } from './durations.ts'
import type { Lookup } from './lookup.ts'
import { annotatedRule, NINES_TARGET, RULE_ANNOTATION } from './rule-annotation.ts'

type PolicyItem = NonNullable<SloSpecification['alertPolicies']>[number]

export interface RulesResult {
  rules: DesiredRule[]
  notes: Note[]
}

/** The rules of an SLO's alert policies. Paths of notes start at the SLO document. */
export function rulesOf(policies: PolicyItem[], lookup: Lookup): RulesResult {
  const results = policies.map((item, i) => ruleOf(item, ['spec', 'alertPolicies', i], lookup))
  const rules = results.flatMap((result) => result.rules)
  return { rules: withOwnNames(rules), notes: results.flatMap((result) => result.notes) }
}

function ruleOf(item: PolicyItem, path: PropertyKey[], lookup: Lookup): RulesResult {
  const policy = item.alertPolicyRef === undefined ? inline(item) : lookup('AlertPolicy', item.alertPolicyRef)
  if (policy === undefined) return unused(path, `the AlertPolicy ${item.alertPolicyRef ?? ''} is not known here`)
  const { spec } = policy
  const [entry] = spec.conditions
  const found =
    entry?.conditionRef === undefined
      ? entry?.spec && { metadata: entry.metadata, spec: entry.spec }
      : lookup('AlertCondition', entry.conditionRef)
  if (!found) return unused(path, `the AlertCondition ${entry?.conditionRef ?? ''} is not known here`)
  const name = policy.metadata.displayName ?? policy.metadata.name
  const notes = policyNotes(spec, path)
  const whole = annotatedRule(policy.metadata, spec, found.spec)
  if (whole !== undefined) return { rules: [whole], notes }
  if (policy.metadata.annotations?.[RULE_ANNOTATION] !== undefined)
    notes.push({
      effect: 'changed',
      path,
      message: `was edited: its condition counts, not the annotation ${RULE_ANNOTATION}`,
    })
  const severity = severityOf(found.spec.severity)
  const silence = spec.alertWhenNoData ? [silenceRule(`${name} (no data)`, severity)] : []
  const rule = fromCondition(found.spec)
  if ('reason' in rule) return { rules: silence, notes: [...notes, { effect: 'not_used', path, message: rule.reason }] }
  const enabled = spec.alertWhenBreaching ?? false
  return { rules: [{ name, severity, enabled, condition: rule.condition }, ...silence], notes }
}

type ConditionResult = Pick<DesiredRule, 'condition'> | { reason: string }

/** One window is a pair whose short window is as long: true exactly when OpenSLO's condition is. */
function fromCondition({ condition }: AlertConditionSpec): ConditionResult {
  const { op, threshold, lookbackWindow, alertAfter } = condition
  if (op === 'lt' || op === 'lte')
    return { reason: `op ${op} alerts while the burn is low; Nines alerts when it is high` }
  const window = secondsOf(lookbackWindow)
  const parsed = burnRateCondition.safeParse({
    kind: 'burn_rate',
    pairs: [{ longSeconds: window, shortSeconds: window, factor: threshold }],
    forSeconds: alertAfter === undefined ? 0 : secondsOf(alertAfter),
    minBadEvents: 1,
  })
  if (parsed.success) return { condition: parsed.data }
  const [issue] = parsed.error.issues
  return { reason: `this burn rate is out of range: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}` }
}

function policyNotes(spec: AlertPolicySpec, path: PropertyKey[]): Note[] {
  const notes: Note[] = []
  const targets = spec.notificationTargets.map((target) => target.targetRef ?? target.metadata?.name ?? '')
  if (targets.some((target) => target !== NINES_TARGET))
    notes.push({
      effect: 'not_used',
      path: [...path],
      message: `notificationTargets (${targets.join(', ')}): the escalation policy of the service says whom to page`,
    })
  return notes
}

function inline(item: PolicyItem): { metadata: Metadata; spec: AlertPolicySpec } | undefined {
  return item.spec && item.metadata ? { metadata: item.metadata, spec: item.spec } : undefined
}

function unused(path: PropertyKey[], message: string): RulesResult {
  return { rules: [], notes: [{ effect: 'not_used', path, message }] }
}

/** Rules of an SLO are known by their names. */
function withOwnNames(rules: DesiredRule[]): DesiredRule[] {
  return rules.map((rule, i) => {
    const before = rules.slice(0, i).filter((other) => other.name === rule.name).length
    return before === 0 ? rule : { ...rule, name: `${rule.name} ${before + 1}` }
  })
}
