import { SPAN_KINDS, type LabelMatcher, type LogCondition, type LogsSli, type SpansSli } from '@nines/contracts'

/** SQL that says the same as compileSpansSli and compileLogsSli do of single rows; a test holds them equal. */
export interface EventConditions {
  table: 'spans' | 'logs'
  /** Which rows are events of the SLI. */
  isEvent: string
  isGood: string
  parameters: Record<string, unknown>
}

export function eventConditions(sli: SpansSli | LogsSli): EventConditions {
  return sli.kind === 'spans' ? spanConditions(sli) : logConditions(sli)
}

function spanConditions({ service, operation, spanKinds, attributes, good }: SpansSli): EventConditions {
  const bind = new Parameters()
  const isEvent = [
    `service = ${bind.text(service)}`,
    ...(operation === undefined ? [] : [`name = ${bind.text(operation)}`]),
    `kind IN (${spanKinds.map((kind) => SPAN_KINDS.indexOf(kind) + 1).join(', ')})`,
    ...attributes.map((matcher) => attributeCondition(matcher, bind)),
  ]
  const isGood = [
    ...(good.withoutError ? ['status_code != 2'] : []),
    ...(good.maxDurationMs === undefined ? [] : [`duration <= ${Math.floor(good.maxDurationMs * 1e6)}`]),
  ]
  return { table: 'spans', isEvent: allOf(isEvent), isGood: allOf(isGood), parameters: bind.values }
}

function logConditions({ total, good, bad }: LogsSli): EventConditions {
  const bind = new Parameters()
  const part = good ?? bad
  const isEvent = [
    ...(total.service === undefined ? [] : [`service = ${bind.text(total.service)}`]),
    ...recordConditions(total, bind),
  ]
  const isPart = part === undefined ? '0' : allOf(recordConditions(part, bind))
  return {
    table: 'logs',
    isEvent: allOf(isEvent),
    isGood: good === undefined ? `NOT (${isPart})` : isPart,
    parameters: bind.values,
  }
}

function recordConditions({ minSeverity, body, attributes }: LogCondition, bind: Parameters): string[] {
  return [
    ...(minSeverity > 0 ? [`severity_number >= ${minSeverity}`] : []),
    ...(body?.op === 'contains' ? [`position(body, ${bind.text(body.value)}) > 0`] : []),
    ...(body?.op === '=~' ? [`match(body, ${bind.text(`(?s:${body.value})`)})`] : []),
    ...attributes.map((matcher) => attributeCondition(matcher, bind)),
  ]
}

function attributeCondition({ label, op, value }: LabelMatcher, bind: Parameters): string {
  const key = bind.text(label)
  // A key that is in neither map reads as the empty text.
  const attribute = `if(mapContains(attributes, ${key}), attributes[${key}], resource[${key}])`
  if (op === '=' || op === '!=') return `${attribute} ${op} ${bind.text(value)}`
  const matches = `match(${attribute}, ${bind.text(`^(?s:${value})$`)})`
  return op === '=~' ? matches : `NOT ${matches}`
}

function allOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '1' : conditions.join(' AND ')
}

class Parameters {
  readonly values: Record<string, unknown> = {}
  #count = 0

  text(value: string): string {
    const name = `event${this.#count++}`
    this.values[name] = value
    return `{${name}:String}`
  }
}
