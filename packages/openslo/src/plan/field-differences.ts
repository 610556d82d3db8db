import { isDeepStrictEqual } from 'node:util'
import type { CodeField } from '@nines/contracts'
import { desiredSlo, type DesiredRule, type DesiredService, type DesiredSlo } from '../desired/desired.ts'
import type { DesiredPolicy } from '../nines/budget-policy.ts'
import { desiredCorrection, type DesiredCorrection } from '../nines/correction.ts'
import { isRecord } from '../read/read-documents.ts'

/** How an SLO differs: from `before` to `after`, rules compared by name. */
export function sloDifferences(before: DesiredSlo, after: DesiredSlo): CodeField[] {
  // Code that says nothing of a budget policy has nothing against the one that the SLO follows.
  const isSaid = before.budgetPolicy !== undefined && after.budgetPolicy !== undefined
  const [old, next] = [said(before, isSaid), said(after, isSaid)]
  return [...differences(old, next, ''), ...ruleDifferences(before.rules, after.rules)]
}

export function serviceDifferences(before: DesiredService, after: DesiredService): CodeField[] {
  const comparable = ({ name, description }: DesiredService) => ({ name, description })
  return differences(comparable(before), comparable(after), '')
}

/** How a budget policy differs; its steps are known by their thresholds. */
export function policyDifferences(before: DesiredPolicy, after: DesiredPolicy): CodeField[] {
  const comparable = ({ name, description, steps, margin, onUnknown }: DesiredPolicy) => {
    const byThreshold = steps.map(({ budgetLeftBelow, actions }) => [`${budgetLeftBelow}`, actions])
    return { name, description, steps: Object.fromEntries(byThreshold), margin, onUnknown }
  }
  return differences(comparable(before), comparable(after), '')
}

/** How a correction differs; its name is code's alone. */
export function correctionDifferences(before: DesiredCorrection, after: DesiredCorrection): CodeField[] {
  const comparable = (correction: DesiredCorrection) => {
    const { name: _name, ...fields } = desiredCorrection.parse(correction)
    return fields
  }
  return differences(comparable(before), comparable(after), '')
}

/** The fields that code says, and nothing that a record has besides, without the rules. */
function said(slo: DesiredSlo, withPolicy: boolean): Record<string, unknown> {
  const { rules: _rules, budgetPolicy, ...fields } = desiredSlo.parse(slo)
  return withPolicy ? { ...fields, budgetPolicy } : fields
}

/** A rule that is switched off on one side and missing on the other makes no difference: rules with alerts cannot be deleted. */
function ruleDifferences(before: readonly DesiredRule[], after: readonly DesiredRule[]): CodeField[] {
  const names = [...new Set([...before, ...after].map((rule) => rule.name))]
  return names.flatMap((name) => {
    const [old, next] = [before, after].map((rules) => rules.find((rule) => rule.name === name))
    if (old && next) return differences(old, next, `rules.${name}`)
    const only = old ?? next
    if (only === undefined || !only.enabled) return []
    return [{ path: `rules.${name}`, ...(old && { before: old }), ...(next && { after: next }) }]
  })
}

function differences(before: unknown, after: unknown, path: string): CodeField[] {
  if (isDeepStrictEqual(before, after)) return []
  if (!isRecord(before) || !isRecord(after)) {
    return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }]
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return keys.flatMap((key) => differences(before[key], after[key], path === '' ? key : `${path}.${key}`))
}
