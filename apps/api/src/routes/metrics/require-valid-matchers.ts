import { compileSelector, type SeriesSelector, type SliSpec } from '@nines/contracts'
import { NinesError } from '@nines/kernel'

/** A selector and the JSON path it stood at. */
export interface PlacedSelector {
  path: string
  selector: SeriesSelector
}

/** The selectors of an SLI that stood at `path` in a request. */
export function selectorsOfSli(sli: SliSpec, path: string): PlacedSelector[] {
  if (sli.kind === 'availability') return []
  if (sli.kind === 'latency') return [{ path: `${path}/histogram`, selector: sli.histogram }]
  if (sli.kind === 'gauge') return [{ path: `${path}/gauge`, selector: sli.gauge }]
  return (['good', 'bad', 'total'] as const).flatMap((field) => {
    const selector = sli[field]
    return selector === undefined ? [] : { path: `${path}/${field}`, selector }
  })
}

/** Throws `invalid` naming every matcher whose regular expression cannot be read. */
export function requireValidMatchers(selectors: PlacedSelector[]): void {
  const issues = selectors.flatMap(({ path, selector }) =>
    selector.matchers.flatMap((matcher, index) => {
      try {
        compileSelector({ ...selector, matchers: [matcher] })
        return []
      } catch {
        return { path: `${path}/matchers/${index}/value`, message: 'is not a regular expression' }
      }
    }),
  )
  if (issues.length === 0) return
  throw new NinesError('invalid', issues.map((issue) => `${issue.path}: ${issue.message}`).join('; '), { issues })
}
