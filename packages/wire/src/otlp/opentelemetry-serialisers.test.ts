import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer'
import { describe, expect, test } from 'vitest'
import { BlockBuilder } from '../block/block-builder.ts'
import { rowsOf } from '../block/table-test-rows.ts'
import { logsFromJson } from './logs-from-json.ts'
import { logsFromProtobuf } from './logs-from-protobuf.ts'
import { LogsNormaliser } from './logs-normaliser.ts'
import { tracesFromJson } from './traces-from-json.ts'
import { tracesFromProtobuf } from './traces-from-protobuf.ts'
import { TracesNormaliser } from './traces-normaliser.ts'

const NOW = 1_800_000_000_000
const NANOS = BigInt(NOW) * 1_000_000n
const TRACE = '5b8efff798038103d269b633813fc60c'
const SPAN = 'eee19b7ec3c1b174'
const resource = { attributes: { 'service.name': 'shop', 'process.pid': 12 } }
const instrumentationScope = { name: 'lib', version: '1.0' }
const spanContext = () => ({ traceId: TRACE, spanId: SPAN, traceFlags: 1 })
const attributes = { 'http.route': '/pay', 'http.response.status_code': 503, retried: true, tags: ['a', 'b'] }
const writtenAttributes = [
  ['http.response.status_code', '503'],
  ['http.route', '/pay'],
  ['retried', 'true'],
  ['tags', '["a","b"]'],
]

describe('what OpenTelemetry’s own serialisers write', () => {
  const span = {
    name: 'POST /pay',
    kind: 1,
    spanContext,
    parentSpanContext: { traceId: TRACE, spanId: 'eee19b7ec3c1b173', traceFlags: 1 },
    startTime: [NOW / 1_000, 5],
    endTime: [NOW / 1_000 + 1, 6],
    duration: [1, 1],
    ended: true,
    status: { code: 2, message: 'failed' },
    attributes,
    links: [{ context: spanContext(), attributes: { why: 'batch' } }],
    events: [{ name: 'exception', time: [NOW / 1_000, 7], attributes: { 'exception.type': 'Error' } }],
    resource,
    instrumentationScope,
    droppedAttributesCount: 1,
    droppedEventsCount: 2,
    droppedLinksCount: 3,
  }
  type Span = Parameters<typeof ProtobufTraceSerializer.serializeRequest>[0]
  const spans = [span] as unknown as Span

  test.each([
    ['protobuf', ProtobufTraceSerializer, tracesFromProtobuf],
    ['JSON', JsonTraceSerializer, tracesFromJson],
  ])('of spans in %s is read', (_, serializer, read) => {
    const builder = new BlockBuilder(7, NOW)
    read(Buffer.from(serializer.serializeRequest(spans)!), new TracesNormaliser(builder, NOW))
    expect(rowsOf(builder.finish().tables.get('spans'))).toMatchObject([
      {
        at: NANOS + 5n,
        duration: 1_000_000_001n,
        trace_id: TRACE,
        span_id: SPAN,
        parent_span_id: 'eee19b7ec3c1b173',
        name: 'POST /pay',
        kind: 2,
        service: 'shop',
        status_code: 2,
        status_message: 'failed',
        attributes: writtenAttributes,
        resource: [
          ['process.pid', '12'],
          ['service.name', 'shop'],
        ],
        scope_name: 'lib',
        scope_version: '1.0',
        dropped_attributes: 1,
        dropped_events: 2,
        dropped_links: 3,
        event_at: [NANOS + 7n],
        event_name: ['exception'],
        event_attributes: [[['exception.type', 'Error']]],
        link_trace_id: [TRACE],
        link_span_id: [SPAN],
        link_attributes: [[['why', 'batch']]],
      },
    ])
  })

  const record = {
    hrTime: [NOW / 1_000, 5],
    hrTimeObserved: [NOW / 1_000, 6],
    spanContext: spanContext(),
    severityNumber: 17,
    severityText: 'ERROR',
    body: { what: 'failed', code: 7 },
    eventName: 'payment.failed',
    attributes,
    resource,
    instrumentationScope,
    droppedAttributesCount: 1,
  }
  type Log = Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0]
  const logs = [record] as unknown as Log

  test.each([
    ['protobuf', ProtobufLogsSerializer, logsFromProtobuf],
    ['JSON', JsonLogsSerializer, logsFromJson],
  ])('of logs in %s is read', (_, serializer, read) => {
    const builder = new BlockBuilder(7, NOW)
    read(Buffer.from(serializer.serializeRequest(logs)!), new LogsNormaliser(builder, NOW))
    expect(rowsOf(builder.finish().tables.get('logs'))).toMatchObject([
      {
        at: NANOS + 5n,
        observed_at: NANOS + 6n,
        service: 'shop',
        severity_number: 17,
        severity_text: 'ERROR',
        body: '{"what":"failed","code":7}',
        body_is_json: true,
        event_name: 'payment.failed',
        attributes: writtenAttributes,
        scope_name: 'lib',
        trace_id: TRACE,
        span_id: SPAN,
        flags: 1,
        dropped_attributes: 1,
      },
    ])
  })
})
