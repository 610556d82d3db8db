import { isDeepStrictEqual } from 'node:util'
import type { SliSpec } from '@nines/contracts'
import { slugOf, type DesiredRule, type DesiredService, type DesiredSlo } from '../desired/desired.ts'
import { BUDGET_ANNOTATION, budgetAnnotationText } from '../openslo/budget-annotation.ts'
import { firstPair, NINES_TARGET, RULE_ANNOTATION, switchesOfRule } from '../openslo/rule-annotation.ts'
import { OBJECTIVES_ANNOTATION } from '../openslo/objectives-annotation.ts'
import { NINES_TYPE } from '../openslo/sli-of.ts'
import { WHOLE_TEXT } from '../openslo/whole-text.ts'
import { timeWindowOf } from '../openslo/windows.ts'

/** An SLO of Nines as an OpenSLO v1 document that reads back as the same SLO. */
export function openSloOfSlo(slo: DesiredSlo): Record<string, unknown> {
  const { name, description } = slo
  // OpenSLO has one window and the order is kept: from the first one over another window on, the rest is an annotation.
  const other = slo.furtherObjectives.findIndex((one) => !isDeepStrictEqual(one.window, slo.window))
  const alike = other === -1 ? slo.furtherObjectives : slo.furtherObjectives.slice(0, other)
  const rest = slo.furtherObjectives.slice(alike.length)
  const annotations = {
    ...(slo.budgetPolicy && { [BUDGET_ANNOTATION]: budgetAnnotationText(slo.budgetPolicy) }),
    ...(rest.length > 0 && { [OBJECTIVES_ANNOTATION]: JSON.stringify(rest) }),
    ...(name.length > 63 && { [WHOLE_TEXT.name]: name }),
    ...(description.length > 1050 && { [WHOLE_TEXT.description]: description }),
  }
  return {
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: {
      name: slo.slug,
      displayName: name.slice(0, 63),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec: {
      ...(description !== '' && { description: description.slice(0, 1050) }),
      service: slo.service,
      indicator: { metadata: { name: 'indicator' }, spec: indicatorOf(slo.sli) },
      timeWindow: [timeWindowOf(slo.window)],
      budgetingMethod: 'Occurrences',
      objectives: [{ target: slo.target }, ...alike.map(({ target }) => ({ target }))],
      alertPolicies: slo.rules.map(policyOf),
    },
  }
}

export function openSloOfService({ slug, name, description }: DesiredService): Record<string, unknown> {
  const annotations = {
    ...(name.length > 63 && { [WHOLE_TEXT.name]: name }),
    ...(description.length > 1050 && { [WHOLE_TEXT.description]: description }),
  }
  return {
    apiVersion: 'openslo/v1',
    kind: 'Service',
    metadata: {
      name: slug,
      displayName: name.slice(0, 63),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec: description === '' ? {} : { description: description.slice(0, 1050) },
  }
}

const source = (spec: object) => ({ metricSource: { type: NINES_TYPE, spec } })

/** Ratios have a form in OpenSLO; every other SLI of Nines stands as itself where OpenSLO takes a ratio made elsewhere. */
function indicatorOf(sli: SliSpec): object {
  if (sli.kind !== 'ratio') return { ratioMetric: { rawType: 'success', raw: source({ sli }) } }
  const { good, bad, total } = sli
  return {
    ratioMetric: {
      counter: true,
      ...(good && { good: source({ selector: good }) }),
      ...(bad && { bad: source({ selector: bad }) }),
      total: source({ selector: total }),
    },
  }
}

/** A rule of pairs is more than a condition of OpenSLO: the first pair stands there, an annotation holds the whole. */
function policyOf(rule: DesiredRule, index: number): object {
  return {
    kind: 'AlertPolicy',
    metadata: {
      name: slugOf(rule.name) ?? `rule-${index + 1}`,
      displayName: rule.name.slice(0, 63),
      annotations: { [RULE_ANNOTATION]: JSON.stringify(rule) },
    },
    spec: {
      ...switchesOfRule(rule),
      conditions: [
        {
          kind: 'AlertCondition',
          metadata: { name: 'burn-rate' },
          spec: { severity: rule.severity, condition: firstPair(rule) },
        },
      ],
      notificationTargets: [{ targetRef: NINES_TARGET }],
    },
  }
}
