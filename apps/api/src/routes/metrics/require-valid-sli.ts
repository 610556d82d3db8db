import { compileExpression, isComposite, type LogCondition, type SliSpec } from '@nines/contracts'
import {
  isCompilable,
  matcherIssues,
  notAnExpression,
  placedMeasure,
  refuse,
  requireValidMatchers,
  selectorsOfSli,
  type FieldIssue,
} from './require-valid-matchers.ts'

/** Throws `invalid` naming every regular expression of an SLI, which stood at `at` in a request, that cannot be read. */
export function requireValidSli(whole: SliSpec, at: string): void {
  // Its members are SLOs, which are valid.
  if (isComposite(whole)) return
  requireValidMatchers(selectorsOfSli(whole, at))
  const { sli, path } = placedMeasure(whole, at)
  if (sli.kind === 'spans') refuse(matcherIssues(sli.attributes, `${path}/attributes`))
  if (sli.kind !== 'logs') return
  const conditions = (['total', 'good', 'bad'] as const).flatMap((field) =>
    conditionIssues(sli[field], `${path}/${field}`),
  )
  refuse(conditions)
}

function conditionIssues(condition: LogCondition | undefined, path: string): FieldIssue[] {
  if (!condition) return []
  const { body, attributes } = condition
  const isReadable = body?.op !== '=~' || isCompilable(() => compileExpression(body.value))
  return [
    ...(isReadable ? [] : notAnExpression(`${path}/body/value`)),
    ...matcherIssues(attributes, `${path}/attributes`),
  ]
}
