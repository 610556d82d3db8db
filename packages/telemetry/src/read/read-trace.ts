import { NinesError } from '@nines/kernel'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import { hexId, requireHexId } from './ids-as-text.ts'
import { nanoInstantText } from './nano-instant.ts'

export interface SpanEvent {
  at: string
  name: string
  attributes: Record<string, string>
}

export interface SpanLink {
  traceId: string
  spanId: string
  attributes: Record<string, string>
}

export interface Span {
  spanId: string
  /** Empty for a root. */
  parentSpanId: string
  name: string
  service: string
  /** OTLP's SpanKind: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  /** RFC 3339 with nanoseconds. */
  startedAt: string
  durationMs: number
  status: 'unset' | 'ok' | 'error'
  statusMessage: string
  attributes: Record<string, string>
  resource: Record<string, string>
  scopeName: string
  events: SpanEvent[]
  links: SpanLink[]
}

interface Row extends Omit<Span, 'startedAt' | 'status' | 'events' | 'links'> {
  nanos: string
  statusCode: number
  eventAt: string[]
  eventName: string[]
  eventAttributes: Record<string, string>[]
  linkTraceId: string[]
  linkSpanId: string[]
  linkAttributes: Record<string, string>[]
}

const STATUS = ['unset', 'ok', 'error'] as const
const MAX_SPANS = 20_000

/** All spans of a trace by start, each once; empty when there is none. `too_large` beyond 20,000 of them. */
export async function readTrace(
  telemetry: Telemetry,
  workspace: number,
  traceId: string,
  limits: QueryLimits = {},
): Promise<Span[]> {
  const id = requireHexId(traceId, 16, 'a trace id')
  const [span] = await telemetry.rows<{ first: string; last: string; spans: string }>(
    `SELECT toUnixTimestamp64Nano(min(min_at)) AS first, toUnixTimestamp64Nano(max(max_at)) AS last, count() AS spans
     FROM trace_index WHERE workspace = {workspace:UInt32} AND trace_id = unhex({id:String})`,
    { workspace, id },
    limits,
  )
  if (!span || span.spans === '0') return []
  const rows = await telemetry.rows<Row>(
    `SELECT hex(span_id) AS key, lower(hex(span_id)) AS spanId, ${hexId('parent_span_id', 8)} AS parentSpanId, name,
       service, kind, toUnixTimestamp64Nano(at) AS nanos, duration / 1e6 AS durationMs, status_code AS statusCode,
       status_message AS statusMessage, attributes, resource, scope_name AS scopeName,
       arrayMap(t -> toString(toUnixTimestamp64Nano(t)), event_at) AS eventAt, event_name AS eventName,
       event_attributes AS eventAttributes, arrayMap(t -> lower(hex(t)), link_trace_id) AS linkTraceId,
       arrayMap(s -> lower(hex(s)), link_span_id) AS linkSpanId, link_attributes AS linkAttributes
     FROM spans
     WHERE workspace = {workspace:UInt32} AND trace_id = unhex({id:String})
       AND at >= fromUnixTimestamp64Nano({first:Int64}) AND at <= fromUnixTimestamp64Nano({last:Int64})
     ORDER BY at, span_id LIMIT 1 BY key LIMIT ${MAX_SPANS + 1}`,
    { workspace, id, first: span.first, last: span.last },
    limits,
  )
  if (rows.length > MAX_SPANS) throw new NinesError('too_large', `this trace has more than ${MAX_SPANS} spans`)
  return rows.map(toSpan)
}

function toSpan(row: Row): Span {
  const { nanos, statusCode, eventAt, eventName, eventAttributes, linkTraceId, linkSpanId, linkAttributes, ...rest } =
    row
  const { key: _key, ...span } = rest as typeof rest & { key: string }
  return {
    ...span,
    startedAt: nanoInstantText(nanos),
    status: STATUS[statusCode] ?? 'unset',
    events: eventAt.map((at, i) => ({
      at: nanoInstantText(at),
      name: eventName[i]!,
      attributes: eventAttributes[i]!,
    })),
    links: linkTraceId.map((traceId, i) => ({ traceId, spanId: linkSpanId[i]!, attributes: linkAttributes[i]! })),
  }
}
