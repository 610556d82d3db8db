import { BlockBuilder, logsFromJson, LogsNormaliser, tracesFromJson, TracesNormaliser, type Block } from '@nines/wire'

type Attributes = Readonly<Record<string, string | undefined>>

export interface SpanRow {
  /** Epoch nanoseconds. */
  at: bigint
  /** Hex. */
  traceId: string
  spanId: string
  service: string
  name: string
  kind: number
  statusCode: number
  durationNs: number
  attributes: Attributes
  resource: Attributes
}

export interface LogRow {
  at: bigint
  service: string
  severityNumber: number
  body: string
  attributes: Attributes
  resource: Attributes
}

/** The block that ingest makes of these spans and log records, sent over OTLP. */
export function eventBlock(workspace: number, spans: readonly SpanRow[], logs: readonly LogRow[]): Block {
  const builder = new BlockBuilder(workspace, Date.now())
  const traces = new TracesNormaliser(builder, Date.now())
  const resourceSpans = spans.map(({ service, resource, ...row }) => ({
    resource: resourceOf(service, resource),
    scopeSpans: [{ spans: [spanOf(row)] }],
  }))
  tracesFromJson(Buffer.from(JSON.stringify({ resourceSpans })), traces)
  const records = new LogsNormaliser(builder, Date.now())
  const resourceLogs = logs.map(({ service, resource, ...row }) => ({
    resource: resourceOf(service, resource),
    scopeLogs: [{ logRecords: [recordOf(row)] }],
  }))
  logsFromJson(Buffer.from(JSON.stringify({ resourceLogs })), records)
  const rejected = traces.outcome().message || records.outcome().message
  if (rejected) throw new Error(rejected)
  return builder.finish()
}

function spanOf({ at, durationNs, statusCode, attributes, ...row }: Omit<SpanRow, 'service' | 'resource'>) {
  return {
    ...row,
    startTimeUnixNano: String(at),
    endTimeUnixNano: String(at + BigInt(durationNs)),
    status: { code: statusCode },
    attributes: pairsOf(attributes),
  }
}

function recordOf({ at, severityNumber, body, attributes }: Omit<LogRow, 'service' | 'resource'>) {
  return { timeUnixNano: String(at), severityNumber, body: { stringValue: body }, attributes: pairsOf(attributes) }
}

function resourceOf(service: string, resource: Attributes) {
  return { attributes: pairsOf({ ...resource, ...(service !== '' && { 'service.name': service }) }) }
}

function pairsOf(attributes: Attributes) {
  return Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }))
}
