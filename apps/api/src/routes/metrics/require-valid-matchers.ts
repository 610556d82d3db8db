import {
  compileSelector,
  measuredOf,
  type LabelMatcher,
  isComposite,
  type MeasuredSli,
  type OwnSli,
  type SeriesSelector,
  type SliSpec,
} from '@nines/contracts'
import { NinesError } from '@nines/kernel'

/** A selector and the JSON path it stood at. */
export interface PlacedSelector {
  path: string
  selector: SeriesSelector
}

/** Something wrong with a field of a request. */
export interface FieldIssue {
  path: string
  message: string
}

/** What an SLI measures and where that stands, of one that stood at `path` in a request. */
export function placedMeasure(sli: OwnSli, path: string): { sli: MeasuredSli; path: string } {
  const measured = measuredOf(sli)
  return { sli: measured, path: measured === sli ? path : `${path}/of` }
}

/** The selectors of an SLI that stood at `path` in a request. */
export function selectorsOfSli(whole: SliSpec, at: string): PlacedSelector[] {
  if (isComposite(whole)) return []
  const { sli, path } = placedMeasure(whole, at)
  if (sli.kind === 'latency') return [{ path: `${path}/histogram`, selector: sli.histogram }]
  if (sli.kind === 'gauge') return [{ path: `${path}/gauge`, selector: sli.gauge }]
  if (sli.kind !== 'ratio') return []
  return (['good', 'bad', 'total'] as const).flatMap((field) => {
    const selector = sli[field]
    return selector === undefined ? [] : { path: `${path}/${field}`, selector }
  })
}

/** Throws `invalid` naming every matcher whose regular expression cannot be read. */
export function requireValidMatchers(selectors: PlacedSelector[]): void {
  refuse(selectors.flatMap(({ path, selector }) => matcherIssues(selector.matchers, `${path}/matchers`)))
}

export function matcherIssues(matchers: readonly LabelMatcher[], path: string): FieldIssue[] {
  return matchers.flatMap((matcher, index) =>
    isCompilable(() => compileSelector({ metric: '', matchers: [matcher] }))
      ? []
      : notAnExpression(`${path}/${index}/value`),
  )
}

export function notAnExpression(path: string): FieldIssue[] {
  return [{ path, message: 'is not a regular expression' }]
}

export function isCompilable(compile: () => unknown): boolean {
  try {
    compile()
    return true
  } catch {
    return false
  }
}

/** Throws `invalid` with the issues, if there are any. */
export function refuse(issues: FieldIssue[]): void {
  if (issues.length === 0) return
  throw new NinesError('invalid', issues.map((issue) => `${issue.path}: ${issue.message}`).join('; '), { issues })
}
