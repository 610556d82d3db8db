import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BlockBuilder } from '../block/block-builder.ts'
import { encodeBlock } from '../block/encode-block.ts'
import { rowsOf } from '../block/table-test-rows.ts'
import { TracesNormaliser } from '../otlp/traces-normaliser.ts'
import { zipkinFromJson } from './zipkin-from-json.ts'

const NOW = 1_800_000_000_000
const MICROS = NOW * 1_000
const TRACE = '5b8efff798038103d269b633813fc60c'

function run(body: unknown) {
  const builder = new BlockBuilder(7, NOW)
  const normaliser = new TracesNormaliser(builder, NOW)
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  zipkinFromJson(Buffer.from(text), normaliser)
  const block = builder.finish()
  return { outcome: normaliser.outcome(), block, rows: rowsOf(block.tables.get('spans')) }
}

const plain = { traceId: TRACE, id: 'eee19b7ec3c1b174', name: 'get /', timestamp: MICROS, duration: 1_500 }
const one = (span: object) => run([{ ...plain, ...span }]).rows[0]

describe('a Zipkin span', () => {
  test('becomes a span as OpenTelemetry’s collector translates it', () => {
    const { rows, outcome } = run([
      {
        ...plain,
        parentId: 'eee19b7ec3c1b173',
        kind: 'CLIENT',
        localEndpoint: { serviceName: 'front', ipv4: '10.0.0.1', port: 80 },
        remoteEndpoint: { serviceName: 'back', ipv6: '::1', port: 443 },
        annotations: [{ timestamp: MICROS + 1, value: 'sent' }],
        tags: { 'http.path': '/', 'otel.scope.name': 'lib', 'otel.scope.version': '1', 'w3c.tracestate': 'a=1' },
      },
    ])
    expect(outcome).toEqual({ accepted: 1, rejected: 0, message: '' })
    expect(rows).toEqual([
      {
        at: BigInt(MICROS) * 1_000n,
        duration: 1_500_000n,
        trace_id: TRACE,
        span_id: 'eee19b7ec3c1b174',
        parent_span_id: 'eee19b7ec3c1b173',
        trace_state: 'a=1',
        name: 'get /',
        kind: 3,
        service: 'front',
        status_code: 0,
        status_message: '',
        attributes: [
          ['http.path', '/'],
          ['net.host.ip', '10.0.0.1'],
          ['net.host.port', '80'],
          ['net.peer.ip', '::1'],
          ['net.peer.port', '443'],
          ['peer.service', 'back'],
        ],
        resource: [['service.name', 'front']],
        scope_name: 'lib',
        scope_version: '1',
        scope_attributes: [],
        flags: 0,
        dropped_attributes: 0,
        dropped_events: 0,
        dropped_links: 0,
        event_at: [BigInt(MICROS + 1) * 1_000n],
        event_name: ['sent'],
        event_attributes: [[]],
        link_trace_id: [],
        link_span_id: [],
        link_trace_state: [],
        link_attributes: [],
      },
    ])
  })

  test.each([
    ['SERVER', {}, 2],
    ['CLIENT', {}, 3],
    ['PRODUCER', {}, 4],
    ['CONSUMER', {}, 5],
    [undefined, { 'span.kind': 'internal' }, 1],
    [undefined, {}, 0],
    ['OTHER', {}, 0],
  ])('of kind %s with tags %j has kind %i', (kind, tags, expected) => {
    expect(one({ kind, tags })).toMatchObject({ kind: expected, attributes: [] })
  })

  test.each<[Record<string, string>, number, string, [string, string][]]>([
    [{}, 0, '', []],
    [{ error: 'true' }, 2, '', []],
    [{ error: '' }, 2, '', []],
    [{ error: 'timed out' }, 2, 'timed out', [['error', 'timed out']]],
    [{ error: 'false' }, 0, '', [['error', 'false']]],
    [{ 'otel.status_code': 'OK' }, 1, '', []],
    [{ 'otel.status_code': 'ERROR', error: 'why' }, 2, 'why', [['error', 'why']]],
    [{ 'otel.status_code': 'STATUS_CODE_ERROR', 'otel.status_description': 'why' }, 2, 'why', []],
  ])('with the tags %j has status %i %j', (tags, status_code, status_message, attributes) => {
    expect(one({ tags })).toMatchObject({ status_code, status_message, attributes })
  })

  test('has ids of 64 or 128 bits, also without leading zeros', () => {
    expect(one({ traceId: 'eee19b7ec3c1b174' })).toMatchObject({ trace_id: '0000000000000000eee19b7ec3c1b174' })
    expect(one({ traceId: 'ABC', id: 'd' })).toMatchObject({
      trace_id: '00000000000000000000000000000abc',
      span_id: '000000000000000d',
    })
  })

  test('whose parent is itself is a root', () => {
    expect(one({ parentId: plain.id })).toMatchObject({ parent_span_id: '00'.repeat(8) })
  })

  test('that is shared says so, because its client half has the same id', () => {
    expect(one({ shared: true, kind: 'SERVER' })).toMatchObject({ attributes: [['zipkin.shared', 'true']] })
  })

  test('without a time begins with its first annotation', () => {
    const annotations = [
      { timestamp: MICROS - 5, value: 'b' },
      { timestamp: MICROS - 9, value: 'a' },
    ]
    expect(one({ timestamp: undefined, annotations })).toMatchObject({ at: BigInt(MICROS - 9) * 1_000n })
    expect(one({ annotations })).toMatchObject({ at: BigInt(MICROS) * 1_000n })
  })

  test('may carry events and links with attributes, as the collector writes them', () => {
    const span = one({
      annotations: [
        { timestamp: MICROS, value: 'retry|{"n":1,"ok":true,"text":"a|b"}|2' },
        { timestamp: MICROS, value: 'a|b|c' },
      ],
      tags: { 'otlp.link.0': `${TRACE}|eee19b7ec3c1b174|s=1|{"k":"v"}|0`, 'otlp.link.1': 'no link' },
    })
    expect(span).toMatchObject({
      event_name: ['retry', 'a|b|c'],
      event_attributes: [
        [
          ['n', '1'],
          ['ok', 'true'],
          ['otel.dropped_attributes_count', '2'],
          ['text', 'a|b'],
        ],
        [],
      ],
      link_trace_id: [TRACE],
      link_span_id: ['eee19b7ec3c1b174'],
      link_trace_state: ['s=1'],
      link_attributes: [[['k', 'v']]],
      attributes: [['otlp.link.1', 'no link']],
    })
  })

  test.each([
    ['a trace id that is none', { traceId: 'xyz' }, 'its trace id is not hexadecimal'],
    ['a long trace id', { traceId: 'ab'.repeat(17) }, 'its trace id has 17 bytes instead of 16'],
    ['no id', { id: undefined }, 'its span id is missing'],
    ['a long parent', { parentId: 'ab'.repeat(9) }, 'its parent span id has 9 bytes instead of 8'],
    ['no time', { timestamp: undefined }, 'it has no start time'],
    ['an old time', { timestamp: 1 }, 'a span is older than 400 days'],
    ['a late time', { timestamp: MICROS + 601e6 }, 'a span is more than 10 minutes in the future'],
    ['a late end', { duration: 601e6 }, 'a span ends more than 10 minutes in the future'],
  ])('with %s is rejected by name and loses nothing else', (_, bad, reason) => {
    const { outcome, rows } = run([
      plain,
      { ...plain, name: 'bad', localEndpoint: { serviceName: 'x' }, ...bad },
      plain,
    ])
    expect(rows).toHaveLength(2)
    expect(outcome).toEqual({ accepted: 2, rejected: 1, message: `service "x", span "bad": ${reason} (1 span)` })
  })
})

describe('a list of Zipkin spans', () => {
  test('keeps each span with its own service', () => {
    const names = ['a', 'b', undefined, 'a']
    const { rows } = run(names.map((serviceName) => ({ ...plain, localEndpoint: { serviceName } })))
    expect(rows.map(({ service }) => service)).toEqual(['a', 'b', '', 'a'])
    expect(rows[2]).toMatchObject({ resource: [] })
  })

  test('may be empty', () => {
    expect(run([]).outcome.accepted).toBe(0)
  })

  test.each([
    ['no JSON', '[', 'the body is not valid JSON'],
    ['an object', '{}', 'the body must be an array, not an object'],
    ['a span that is none', '[5]', '[0] must be an object, not 5'],
    ['a name that is none', '[{"name":5}]', '[0].name must be a string, not 5'],
    ['a time with a fraction', '[{"timestamp":1.5}]', '[0].timestamp must be a whole number of at least 0, not 1.5'],
    ['tags of other types', '[{"tags":{"a":1}}]', '[0].tags["a"] must be a string, not 1'],
    ['an annotation that is none', '[{"annotations":[null]}]', '[0].annotations[0] must be an object, not null'],
    ['an endpoint that is none', '[{"localEndpoint":"x"}]', '[0].localEndpoint must be an object, not the string "x"'],
  ])('refuses %s, saying where', (_, body, message) => {
    expect(() => run(body)).toThrow(`Zipkin JSON: ${message}`)
  })

  test('of any content brings rows or a refusal', { timeout: 600_000 }, () => {
    const junk = fc.oneof(fc.constantFrom(null, true, 5, -1, 1e300, 'x', '', [], {}), fc.constant(undefined))
    const span = fc.record(
      {
        traceId: fc.oneof(fc.constantFrom(TRACE, 'abc'), junk),
        id: fc.oneof(fc.constantFrom('1', plain.id), junk),
        timestamp: fc.oneof(fc.constant(MICROS), junk),
        duration: fc.oneof(fc.nat(), junk),
        tags: fc.oneof(fc.dictionary(fc.constantFrom('error', 'otlp.link.0', '__proto__'), fc.string()), junk),
        annotations: fc.oneof(
          fc.array(
            fc.record({
              timestamp: fc.constant(MICROS),
              value: fc.string({ unit: fc.constantFrom('|', '{', '}', '"', '0', ':', 'a') }),
            }),
          ),
          junk,
        ),
        localEndpoint: junk,
        remoteEndpoint: junk,
        shared: junk,
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(span, { maxLength: 3 }), (spans) => {
        try {
          encodeBlock(run(spans).block)
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad_request' })
        }
      }),
      { numRuns: 500 },
    )
  })
})
