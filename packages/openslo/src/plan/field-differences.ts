import { isDeepStrictEqual } from 'node:util'
import type { CodeField } from '@nines/contracts'
import type { DesiredRule, DesiredService, DesiredSlo } from '../desired/desired.ts'
import { isRecord } from '../read/read-documents.ts'

/** How an SLO differs: from `before` to `after`, rules compared by name. */
export function sloDifferences(before: DesiredSlo, after: DesiredSlo): CodeField[] {
  const { rules: rulesBefore, ...restBefore } = before
  const { rules: rulesAfter, ...restAfter } = after
  return [...differences(restBefore, restAfter, ''), ...ruleDifferences(rulesBefore, rulesAfter)]
}

export function serviceDifferences(before: DesiredService, after: DesiredService): CodeField[] {
  const comparable = ({ name, description }: DesiredService) => ({ name, description })
  return differences(comparable(before), comparable(after), '')
}

/** A rule that is switched off and missing on the other side makes no difference: rules with alerts cannot be deleted. */
function ruleDifferences(before: readonly DesiredRule[], after: readonly DesiredRule[]): CodeField[] {
  const names = [...new Set([...before, ...after].map((rule) => rule.name))]
  return names.flatMap((name) => {
    const [old, next] = [before, after].map((rules) => rules.find((rule) => rule.name === name))
    if (old && next) return differences(old, next, `rules.${name}`)
    const only = old ?? next
    if (only === undefined || (old !== undefined && !old.enabled)) return []
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
