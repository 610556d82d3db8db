import { attributeConditions, type AttributeMatcher } from './attribute-condition.ts'
import { requireHexId } from './ids-as-text.ts'
import { textCondition } from './text-terms.ts'

/** Which log records are meant. */
export interface LogFilter {
  workspace: number
  /** In [from, to), epoch ms. */
  from: number
  to: number
  /** Words and "phrases" of the body, a minus excludes; empty for any. */
  text: string
  /** OTLP's severity number from which on, 0 for any. */
  minSeverity: number
  services: readonly string[]
  attributes: readonly AttributeMatcher[]
  /** Hex, empty for any. */
  traceId: string
}

export function logCondition(filter: LogFilter): { sql: string; parameters: Record<string, unknown> } {
  const text = textCondition('body', filter.text)
  const attributes = attributeConditions(filter.attributes, true)
  const conditions = [
    `workspace = {workspace:UInt32}`,
    // The first condition is on the table's key, the second exact.
    `toStartOfFiveMinutes(at) >= toStartOfFiveMinutes(fromUnixTimestamp64Milli({from:Int64}))`,
    `toStartOfFiveMinutes(at) <= toStartOfFiveMinutes(fromUnixTimestamp64Milli({to:Int64}))`,
    `at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})`,
    text.sql,
    attributes.sql,
    ...(filter.minSeverity > 0 ? [`severity_number >= {minSeverity:UInt8}`] : []),
    ...(filter.services.length > 0 ? [`service IN {services:Array(String)}`] : []),
    ...(filter.traceId === '' ? [] : [`trace_id = unhex({traceId:String})`]),
  ]
  return {
    sql: conditions.filter((condition) => condition !== '1').join('\n       AND '),
    parameters: {
      workspace: filter.workspace,
      from: Math.floor(filter.from),
      to: Math.ceil(filter.to),
      ...text.parameters,
      ...attributes.parameters,
      ...(filter.minSeverity > 0 && { minSeverity: filter.minSeverity }),
      ...(filter.services.length > 0 && { services: [...filter.services] }),
      ...(filter.traceId !== '' && { traceId: requireHexId(filter.traceId, 16, 'a trace id') }),
    },
  }
}
