import {
  compileExpression,
  compileSelector,
  SPAN_KINDS,
  type LabelMatcher,
  type Labels,
  type LogCondition,
  type LogsSli,
  type MeasuredSli,
  type SpansSli,
} from '@nines/contracts'

/** What an SLI over spans looks at. */
export interface SpanEvent {
  service: string
  name: string
  /** OTLP's SpanKind. */
  kind: number
  /** OTLP's StatusCode: 2 is error. */
  statusCode: number
  durationNs: number
  /** At least those that attributeKeysOf() names; the resource's where the span has none of that name. */
  attributes: Labels
}

/** What an SLI over log records looks at. */
export interface LogEvent {
  service: string
  severityNumber: number
  body: string
  attributes: Labels
}

/** Whether the event is good; null when it does not belong to the SLI. */
export type EventVerdict = boolean | null

const STATUS_ERROR = 2

/** An SLI whose events are rows of their own, not the increase of series. */
export type EventSli = SpansSli | LogsSli

export function isEventSli(sli: MeasuredSli): sli is EventSli {
  return sli.kind === 'spans' || sli.kind === 'logs'
}

/** Names of the attributes that decide. */
export function attributeKeysOf(sli: EventSli): string[] {
  const conditions = sli.kind === 'spans' ? [sli] : [sli.total, sli.good, sli.bad]
  return [...new Set(conditions.flatMap((one) => (one?.attributes ?? []).map(({ label }) => label)))]
}

/** The longest duration of a good span, whole nanoseconds. */
export function maxDurationNs({ good }: SpansSli): number {
  return good.maxDurationMs === undefined ? Infinity : Math.floor(good.maxDurationMs * 1e6)
}

/** Prepares an SLI over spans. Throws SyntaxError for a regular expression that RE2 does not take. */
export function compileSpansSli(sli: SpansSli): (span: SpanEvent) => EventVerdict {
  const { service, operation, good } = sli
  const kinds = new Set(sli.spanKinds.map((kind) => SPAN_KINDS.indexOf(kind) + 1))
  const matches = compileAttributes(sli.attributes)
  const longest = maxDurationNs(sli)
  return (span) => {
    if (span.service !== service || !kinds.has(span.kind)) return null
    if ((operation !== undefined && span.name !== operation) || !matches(span.attributes)) return null
    return (!good.withoutError || span.statusCode !== STATUS_ERROR) && span.durationNs <= longest
  }
}

/** Prepares an SLI over log records. Throws SyntaxError as well. */
export function compileLogsSli(sli: LogsSli): (log: LogEvent) => EventVerdict {
  const { service } = sli.total
  const isTotal = compileCondition(sli.total)
  const isPart = compileCondition(sli.good ?? sli.bad)
  const ofPart = sli.good !== undefined
  return (log) => {
    if ((service !== undefined && log.service !== service) || !isTotal(log)) return null
    return isPart(log) === ofPart
  }
}

function compileCondition(condition: LogCondition | undefined): (log: LogEvent) => boolean {
  if (!condition) return () => false
  const { minSeverity } = condition
  const isInBody = compileBody(condition.body)
  const matches = compileAttributes(condition.attributes)
  return (log) => log.severityNumber >= minSeverity && isInBody(log.body) && matches(log.attributes)
}

function compileBody(body: LogCondition['body']): (text: string) => boolean {
  if (!body) return () => true
  if (body.op === 'contains') return (text) => text.includes(body.value)
  const expression = compileExpression(body.value)
  return (text) => expression.test(text)
}

function compileAttributes(matchers: readonly LabelMatcher[]): (attributes: Labels) => boolean {
  return compileSelector({ metric: '', matchers: [...matchers] })
}
