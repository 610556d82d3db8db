import { describe, expect, test } from 'vitest'
import { BlockBuilder } from '../block/block-builder.ts'
import { rowsOf } from '../block/table-test-rows.ts'
import { TEST_NOW } from './otlp-test-messages.ts'
import { TRACES_REQUEST, writeProtobuf, type TestMessage } from './otlp-test-schema.ts'
import { tracesFromJson } from './traces-from-json.ts'
import { tracesFromProtobuf } from './traces-from-protobuf.ts'
import { TracesNormaliser } from './traces-normaliser.ts'

const NOW = BigInt(TEST_NOW) * 1_000_000n
const TRACE = '5b8efff798038103d269b633813fc60c'
const SPAN = 'eee19b7ec3c1b174'
const DAY = 86_400_000

function run(read: typeof tracesFromJson, bytes: Buffer) {
  const builder = new BlockBuilder(7, TEST_NOW)
  const normaliser = new TracesNormaliser(builder, TEST_NOW)
  read(bytes, normaliser)
  return { outcome: normaliser.outcome(), rows: rowsOf(builder.finish().tables.get('spans')) }
}

const nanos = (ms: number) => String(BigInt(TEST_NOW + ms) * 1_000_000n)
const plain = {
  traceId: TRACE,
  spanId: SPAN,
  name: 'GET /',
  startTimeUnixNano: nanos(-1_000),
  endTimeUnixNano: nanos(0),
}

/** Spans of the service x in JSON. */
function json(...spans: (object | string)[]) {
  const texts = spans.map((span) => (typeof span === 'string' ? span : JSON.stringify(span)))
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'x' } }] }
  const body = `{"resourceSpans":[{"resource":${JSON.stringify(resource)},"scopeSpans":[{"spans":[${texts.join()}]}]}]}`
  return run(tracesFromJson, Buffer.from(body))
}

const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } })

describe('a span', () => {
  test('keeps all that its sender says', () => {
    const { rows, outcome } = json({
      ...plain,
      parentSpanId: 'EEE19B7EC3C1B173',
      traceState: 'vendor=1',
      kind: 2,
      startTimeUnixNano: '1799999999123456789',
      endTimeUnixNano: '1799999999123456999',
      attributes: [attribute('b', '2'), attribute('a', '1')],
      droppedAttributesCount: 1,
      events: [
        { timeUnixNano: nanos(-1), name: 'retry', attributes: [attribute('n', '1')], droppedAttributesCount: 4 },
        { timeUnixNano: nanos(0), name: 'done' },
      ],
      droppedEventsCount: 2,
      links: [{ traceId: TRACE, spanId: SPAN, traceState: 's=1', attributes: [attribute('l', 'x')] }, {}],
      droppedLinksCount: 3,
      status: { code: 2, message: 'failed' },
      flags: 257,
    })
    expect(outcome).toEqual({ accepted: 1, rejected: 0, message: '' })
    expect(rows).toEqual([
      {
        at: 1_799_999_999_123_456_789n,
        duration: 210n,
        trace_id: TRACE,
        span_id: SPAN,
        parent_span_id: 'eee19b7ec3c1b173',
        trace_state: 'vendor=1',
        name: 'GET /',
        kind: 2,
        service: 'x',
        status_code: 2,
        status_message: 'failed',
        attributes: [
          ['a', '1'],
          ['b', '2'],
        ],
        resource: [['service.name', 'x']],
        scope_name: '',
        scope_version: '',
        scope_attributes: [],
        flags: 257,
        dropped_attributes: 1,
        dropped_events: 2,
        dropped_links: 3,
        event_at: [NOW - 1_000_000n, NOW],
        event_name: ['retry', 'done'],
        event_attributes: [
          [
            ['n', '1'],
            ['otel.dropped_attributes_count', '4'],
          ],
          [],
        ],
        link_trace_id: [TRACE, '00'.repeat(16)],
        link_span_id: [SPAN, '00'.repeat(8)],
        link_trace_state: ['s=1', ''],
        link_attributes: [[['l', 'x']], []],
      },
    ])
  })

  test.each([
    ['one hour', '3600000000000', 3_600_000_000_000n],
    ['no time', '0', 0n],
  ])('lasts %s', (_, nanoseconds, duration) => {
    const start = NOW - 3_600_000_000_000n
    const endTimeUnixNano = String(start + BigInt(nanoseconds))
    expect(json({ ...plain, startTimeUnixNano: String(start), endTimeUnixNano }).rows).toMatchObject([{ duration }])
  })

  test('that ends before it starts, or never, is kept with a duration of 0', () => {
    expect(json({ ...plain, endTimeUnixNano: nanos(-2_000) }).rows).toMatchObject([{ duration: 0n }])
    expect(json({ ...plain, endTimeUnixNano: undefined }).rows).toMatchObject([{ duration: 0n }])
  })

  test('with a parent of zeros is a root', () => {
    expect(json({ ...plain, parentSpanId: '0000000000000000' }).rows).toMatchObject([
      { parent_span_id: '00'.repeat(8) },
    ])
  })

  test('of an unknown kind or status has none', () => {
    expect(json({ ...plain, kind: 9, status: { code: 7 } }).rows).toMatchObject([{ kind: 0, status_code: 0 }])
  })

  const manyEvents = Array.from({ length: 4_097 }, () => ({}))
  test.each([
    ['without a trace id', { traceId: '' }, 'its trace id is missing'],
    ['with a trace id of zeros', { traceId: '00'.repeat(16) }, 'its trace id consists of zeros'],
    ['with a short trace id', { traceId: 'abcd' }, 'its trace id has 2 bytes instead of 16'],
    ['with a trace id in base64', { traceId: 'W47/95gDgQPSabYzgT/GDA==' }, 'its trace id is not hexadecimal'],
    ['without a span id', { spanId: undefined }, 'its span id is missing'],
    ['with a long span id', { spanId: TRACE }, 'its span id has 16 bytes instead of 8'],
    ['with a short parent', { parentSpanId: 'ab' }, 'its parent span id has 1 bytes instead of 8'],
    ['without a start', { startTimeUnixNano: '0' }, 'it has no start time'],
    ['that is too old', { startTimeUnixNano: nanos(-400 * DAY - 1) }, 'a span is older than 400 days'],
    ['that starts too late', { startTimeUnixNano: nanos(600_001) }, 'a span is more than 10 minutes in the future'],
    ['that ends too late', { endTimeUnixNano: nanos(600_001) }, 'a span ends more than 10 minutes in the future'],
    [
      'with a late event',
      { events: [{ timeUnixNano: nanos(600_001) }] },
      'an event is more than 10 minutes in the future',
    ],
    ['with too many events', { events: manyEvents }, 'a span has 4097 events, at most 4096 are allowed'],
    ['with too many links', { links: manyEvents }, 'a span has 4097 links, at most 4096 are allowed'],
    [
      'with a short link',
      { links: [{ traceId: 'ab', spanId: SPAN }] },
      'the trace id of a link has 1 bytes instead of 16',
    ],
    [
      'with a long key in an event',
      { events: [{ attributes: [attribute('k'.repeat(257), '')] }] },
      'an attribute key of an event is longer than 256 bytes',
    ],
    [
      'with a long status message',
      { status: { message: 'x'.repeat(65_537) } },
      'a status message is longer than 65536 bytes',
    ],
  ])('%s is rejected by name and loses nothing else', (_, bad, reason) => {
    const { rows, outcome } = json(plain, { ...plain, name: 'bad', ...bad }, plain)
    expect(rows).toMatchObject([{ name: 'GET /' }, { name: 'GET /' }])
    expect(outcome).toEqual({ accepted: 2, rejected: 1, message: `service "x", span "bad": ${reason} (1 span)` })
  })
})

describe('a request of traces', () => {
  test('may be empty', () => {
    expect(run(tracesFromJson, Buffer.from('{"resourceSpans":[]}')).outcome.accepted).toBe(0)
    expect(run(tracesFromProtobuf, Buffer.alloc(0)).outcome.accepted).toBe(0)
  })

  test.each([
    ['a kind as a name', '{"kind":"SPAN_KIND_SERVER"}', 'kind must be an integer enum value'],
    ['a status code as a name', '{"status":{"code":"STATUS_CODE_ERROR"}}', 'status.code must be an integer enum value'],
    ['an id that is no text', '{"traceId":5}', 'traceId must be a string, not 5'],
    ['events that are no list', '{"events":{}}', 'events must be an array, not an object'],
    ['an event that is none', '{"events":["x"]}', 'events[0] must be an object, not the string "x"'],
  ])('refuses %s, saying where', (_, span, message) => {
    expect(() => json(span)).toThrow(`OTLP JSON: resourceSpans[0].scopeSpans[0].spans[0].${message}`)
  })

  test('merges a status that stands in two parts', () => {
    const span = { ...plain, startTimeUnixNano: NOW, endTimeUnixNano: NOW }
    const request = (spans: TestMessage[]): TestMessage => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
    const split = { order: <T>(fields: T[]) => fields, hasUnknown: true, split: () => true }
    const bytes = writeProtobuf(request([{ ...span, status: { message: 'm', code: 2 } }]), TRACES_REQUEST, split)
    expect(run(tracesFromProtobuf, bytes).rows).toMatchObject([{ status_code: 2, status_message: 'm' }])
  })
})
