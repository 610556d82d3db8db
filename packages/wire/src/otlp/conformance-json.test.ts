import { describe, expect, test } from 'vitest'
import { BlockBuilder } from '../block/block-builder.ts'
import { encodeBlock } from '../block/encode-block.ts'
import { rowsOf } from '../block/table-test-rows.ts'
import { SeriesCache } from '../series/series-cache.ts'
import { logsFromJson } from './logs-from-json.ts'
import { logsFromProtobuf } from './logs-from-protobuf.ts'
import { LogsNormaliser } from './logs-normaliser.ts'
import { metricsFromJson } from './metrics-from-json.ts'
import { MetricsNormaliser } from './metrics-normaliser.ts'
import { LOGS_REQUEST, plainStyle, TRACES_REQUEST, writeProtobuf } from './otlp-test-schema.ts'
import { bytes, inOrder, joinFields, varintField } from './protobuf-test-writer.ts'
import { tracesFromJson } from './traces-from-json.ts'
import { tracesFromProtobuf } from './traces-from-protobuf.ts'
import { TracesNormaliser } from './traces-normaliser.ts'

const NOW = 1_800_000_000_000
const nanos = String(BigInt(NOW) * 1_000_000n + 123_456_789n)
const TRACE = '5B8efff798038103d269b633813fc60C'
const SPAN = 'EEE19b7ec3c1b174'
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const attributes = [text('a', 'b'), { key: 'n', value: { intValue: '9007199254740993' } }]

const record = {
  timeUnixNano: nanos,
  severityNumber: 9,
  body: { stringValue: 'x' },
  traceId: TRACE,
  spanId: SPAN,
  attributes,
}
const span = {
  traceId: TRACE,
  spanId: SPAN,
  parentSpanId: 'ABCDEF0123456789',
  name: 'GET /',
  kind: 2,
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes,
  events: [{ timeUnixNano: nanos, name: 'e', attributes }],
  links: [{ traceId: TRACE, spanId: SPAN, attributes }],
  status: { code: 1 },
}
const exemplar = { timeUnixNano: nanos, asDouble: 1, traceId: TRACE, spanId: SPAN, filteredAttributes: attributes }
const point = { timeUnixNano: nanos, startTimeUnixNano: nanos, attributes, exemplars: [exemplar] }
const metrics = [
  { name: 'g', gauge: { dataPoints: [{ ...point, asInt: '9007199254740992' }] } },
  { name: 's', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ ...point, asDouble: 1.5 }] } },
  {
    name: 'h',
    histogram: {
      aggregationTemporality: 1,
      dataPoints: [{ ...point, count: '3', sum: 1, bucketCounts: ['1', '2'], explicitBounds: [1] }],
    },
  },
  {
    name: 'e',
    exponentialHistogram: {
      aggregationTemporality: 2,
      dataPoints: [{ ...point, count: '3', scale: 1, zeroCount: '1', positive: { offset: 1, bucketCounts: ['2'] } }],
    },
  },
  {
    name: 'q',
    summary: { dataPoints: [{ ...point, count: '3', sum: 1, quantileValues: [{ quantile: 0.5, value: 1 }] }] },
  },
]
const resource = { attributes }
const scope = { name: 'lib', version: 'v1', attributes }
const CASES = [
  { signal: 'metrics', body: { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] }, rows: 5 },
  { signal: 'logs', body: { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [record] }] }] }, rows: 1 },
  { signal: 'traces', body: { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: [span] }] }] }, rows: 1 },
]

function read(signal: string, body: string) {
  const builder = new BlockBuilder(7, NOW)
  const content = Buffer.from(body)
  const normaliser =
    signal === 'metrics'
      ? new MetricsNormaliser(builder, new SeriesCache(), NOW)
      : signal === 'logs'
        ? new LogsNormaliser(builder, NOW)
        : new TracesNormaliser(builder, NOW)
  if (normaliser instanceof MetricsNormaliser) metricsFromJson(content, normaliser)
  else if (normaliser instanceof LogsNormaliser) logsFromJson(content, normaliser)
  else tracesFromJson(content, normaliser)
  const block = builder.finish()
  return { ...normaliser.outcome(), block, bytes: encodeBlock(block) }
}

/** The value with every object in it changed. */
function everywhere(value: unknown, change: (object: Record<string, unknown>) => Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((item) => everywhere(item, change))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, everywhere(item, change)] as const)
  return change(Object.fromEntries(entries))
}

/** Section "JSON Protobuf Encoding" of OTLP's specification. */
describe.each(CASES)('OTLP, JSON Protobuf Encoding, $signal', ({ signal, body, rows }) => {
  const plain = read(signal, JSON.stringify(body))

  test('the request of these tests is taken whole', () => {
    expect(plain).toMatchObject({ accepted: rows, rejected: 0, message: '' })
  })

  test('receivers MUST ignore fields with unknown names, wherever they stand', () => {
    const unknown = { later: { nested: [1, { deep: null }] }, other: 'text', __proto: 5 }
    const changed = everywhere(body, (object) => ({ ...unknown, ...object }))
    expect(read(signal, JSON.stringify(changed)).bytes.equals(plain.bytes)).toBe(true)
  })

  test('keys are lowerCamelCase; original field names are not valid, so they are unknown ones', () => {
    const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    const changed = everywhere(body, (object) =>
      Object.fromEntries(Object.entries(object).map(([key, value]) => [snake(key), value])),
    )
    expect(read(signal, JSON.stringify(changed))).toMatchObject({ accepted: 0, rejected: 0 })
  })

  test('64-bit integers are taken as strings and as numbers, with every digit', () => {
    const asNumbers = JSON.stringify(body).replaceAll(/"(\d+)"/g, '$1')
    expect(asNumbers).not.toBe(JSON.stringify(body))
    expect(read(signal, asNumbers).bytes.equals(plain.bytes)).toBe(true)
  })

  test('null and missing fields are the default', () => {
    const changed = everywhere(body, (object) => ({
      schemaUrl: null,
      droppedAttributesCount: null,
      flags: null,
      ...object,
    }))
    expect(read(signal, JSON.stringify(changed)).bytes.equals(plain.bytes)).toBe(true)
  })
})

describe('OTLP, JSON Protobuf Encoding: traceId and spanId are case-insensitive hexadecimal, not base64', () => {
  const [trace, id] = [TRACE.toLowerCase(), SPAN.toLowerCase()]

  test('of a span, its parent and its links', () => {
    expect(rowsOf(read('traces', JSON.stringify(CASES[2]!.body)).block.tables?.get('spans'))).toMatchObject([
      { trace_id: trace, span_id: id, parent_span_id: 'abcdef0123456789', link_trace_id: [trace], link_span_id: [id] },
    ])
  })

  test('of a log record', () => {
    expect(rowsOf(read('logs', JSON.stringify(CASES[1]!.body)).block.tables?.get('logs'))).toMatchObject([
      { trace_id: trace, span_id: id },
    ])
  })

  test('of an exemplar', () => {
    const exemplars = rowsOf(read('metrics', JSON.stringify(CASES[0]!.body)).block.tables?.get('exemplars'))
    expect(exemplars.length).toBe(4)
    for (const row of exemplars) expect(row).toMatchObject({ trace_id: trace, span_id: id })
  })
})

describe('OTLP, JSON Protobuf Encoding: enums MUST be integers, names MUST NOT be used', () => {
  test.each([
    ['traces', '"kind":2', '"kind":"SPAN_KIND_SERVER"', 'kind must be an integer enum value'],
    ['traces', '"code":1', '"code":"STATUS_CODE_OK"', 'status.code must be an integer enum value'],
    ['logs', '"severityNumber":9', '"severityNumber":"SEVERITY_NUMBER_INFO"', 'severityNumber must be an integer enum'],
    [
      'metrics',
      '"aggregationTemporality":2',
      '"aggregationTemporality":"AGGREGATION_TEMPORALITY_CUMULATIVE"',
      'aggregationTemporality must be an integer enum value',
    ],
  ])('%s: %s is taken, %s is refused', (signal, integer, name, reason) => {
    const body = JSON.stringify(CASES.find((one) => one.signal === signal)!.body)
    expect(body).toContain(integer)
    expect(() => read(signal, body.replace(integer, name))).toThrow(reason)
  })
})

/** Section "Future Versions and Interoperability". */
describe('OTLP, Future Versions: fields that a receiver does not understand are ignored', () => {
  const style = { ...plainStyle, hasUnknown: true }
  const time = { startTimeUnixNano: BigInt(nanos), endTimeUnixNano: BigInt(nanos) }
  const logs = {
    resourceLogs: [{ resource: {}, scopeLogs: [{ scope: {}, logRecords: [{ timeUnixNano: BigInt(nanos) }] }] }],
  }
  const spans = { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: TRACE, spanId: SPAN, name: 'x', ...time }] }] }] }

  test('in binary log records and spans', () => {
    const one = new LogsNormaliser(new BlockBuilder(7, NOW), NOW)
    logsFromProtobuf(writeProtobuf(logs, LOGS_REQUEST, style), one)
    expect(one.outcome()).toMatchObject({ accepted: 1, rejected: 0 })
    const other = new TracesNormaliser(new BlockBuilder(7, NOW), NOW)
    tracesFromProtobuf(writeProtobuf(spans, TRACES_REQUEST, style), other)
    expect(other.outcome()).toMatchObject({ accepted: 1, rejected: 0 })
  })

  test('string indexes, which only profiles use, are no fault: key and value count as absent', () => {
    const keyValue = joinFields([varintField(3, 5n), bytes(2, joinFields([varintField(8, 7n)], inOrder))], inOrder)
    const body = joinFields([varintField(8, 7n)], inOrder)
    const logRecord = joinFields([bytes(5, body), bytes(6, keyValue)], inOrder)
    const request = [1, 2, 2].reduceRight((inner, field) => joinFields([bytes(field, inner)], inOrder), logRecord)
    const builder = new BlockBuilder(7, NOW)
    const normaliser = new LogsNormaliser(builder, NOW)
    logsFromProtobuf(request, normaliser)
    expect(normaliser.outcome()).toMatchObject({ accepted: 1, rejected: 0 })
    expect(rowsOf(builder.finish().tables.get('logs'))).toMatchObject([{ body: '', attributes: [['', '']] }])
    const json = {
      body: { stringValueStrindex: 7 },
      attributes: [{ keyStrindex: 5, value: { stringValueStrindex: 7 } }],
    }
    const sent = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [json] }] }] })
    expect(rowsOf(read('logs', sent).block.tables?.get('logs'))).toMatchObject([{ body: '', attributes: [['', '']] }])
  })
})
