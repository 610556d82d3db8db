import type { LabelMatcher, SeriesSelector } from '@nines/contracts'

/** A condition with the parameters it binds. */
export interface Condition {
  sql: string
  parameters: Record<string, string>
}

/**
 * The part of a selector that ClickHouse tests, to keep most other series out of the answer. It may let through more than
 * compileSelector does, never less: a negated regular expression is left to compileSelector, which has the
 * last word. Columns are those of the table series under the alias `s`.
 */
export function selectorCondition({ metric, matchers }: SeriesSelector): Condition {
  const conditions = ['s.metric = {metric:String}']
  const parameters: Record<string, string> = { metric }
  matchers.forEach((matcher, i) => {
    const sql = matcherSql(matcher, i)
    if (!sql) return
    conditions.push(sql)
    parameters[`label${i}`] = matcher.label
    parameters[`value${i}`] = matcher.op === '=~' ? `^(?s:${matcher.value})$` : matcher.value
  })
  return { sql: conditions.join(' AND '), parameters }
}

function matcherSql({ op }: LabelMatcher, i: number): string | undefined {
  // A key that is not in the map reads as the empty text, as the selector wants it.
  const label = `s.labels[{label${i}:String}]`
  if (op === '=' || op === '!=') return `${label} ${op} {value${i}:String}`
  return op === '=~' ? `match(${label}, {value${i}:String})` : undefined
}
