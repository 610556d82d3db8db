import { compileSelector, seriesSelector, type SeriesSelector } from '@nines/contracts'
import { messageOf } from '@nines/kernel'
import { BeyondSelector, QueryParser } from './query-parser.ts'

export type SelectorResult = { selector: SeriesSelector; reason?: undefined } | { selector?: undefined; reason: string }

/** Longest query that is read; those of SLOs have some hundred characters. */
const MAX_QUERY = 16_384

/** The series whose events a PromQL query counts, or why Nines cannot tell them. */
export function selectorOfQuery(query: string): SelectorResult {
  return selected(query, false)
}

/** The series whose values a PromQL query gives as they are: a sum of several has another value than each. */
export function gaugeOfQuery(query: string): SelectorResult {
  return selected(query, true)
}

function selected(query: string, mustBeBare: boolean): SelectorResult {
  if (query.length > MAX_QUERY) return { reason: `the query is longer than ${MAX_QUERY} characters` }
  try {
    const { metric, matchers, isBare } = new QueryParser(query).parse()
    if (mustBeBare && !isBare)
      return { reason: 'the query computes with the values of a gauge; only the gauge itself is read' }
    return checkedSelector({ metric, matchers })
  } catch (error) {
    if (error instanceof BeyondSelector) return { reason: `the query ${error.message}` }
    // Parentheses nested deeper than the stack.
    if (error instanceof RangeError) return { reason: 'the query is nested too deep' }
    throw error
  }
}

/** Holds a selector to what the API takes. */
export function checkedSelector(value: unknown): SelectorResult {
  const parsed = seriesSelector.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return { reason: `the selector's ${issue?.path.join('.') || 'value'} is not valid: ${issue?.message ?? ''}` }
  }
  try {
    compileSelector(parsed.data)
    return { selector: parsed.data }
  } catch (error) {
    return { reason: messageOf(error) }
  }
}
