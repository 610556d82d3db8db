import type { Condition } from './selector-condition.ts'

/** A condition on one attribute of a log record or span, or of the resource it comes from. */
export interface AttributeMatcher {
  key: string
  op: '=' | '!='
  value: string
  of: 'attributes' | 'resource'
}

/** An attribute that is missing compares as the empty text. */
export function attributeConditions(matchers: readonly AttributeMatcher[], isIndexed: boolean): Condition {
  const parameters: Record<string, string> = {}
  const parts = matchers.map(({ key, op, value, of }, i) => {
    parameters[`key${i}`] = key
    parameters[`attribute${i}`] = value
    const exact = `${of}[{key${i}:String}] ${op} {attribute${i}:String}`
    if (!isIndexed || op !== '=' || of !== 'attributes' || value === '') return exact
    parameters[`item${i}`] = `${key}=${value}`
    // As the index has it; the exact comparison still decides, for a key may hold an equals sign.
    const items = `arrayMap((k, v) -> concat(k, '=', v), mapKeys(attributes), mapValues(attributes))`
    return `has(${items}, {item${i}:String}) AND ${exact}`
  })
  return { sql: parts.length === 0 ? '1' : parts.join(' AND '), parameters }
}
