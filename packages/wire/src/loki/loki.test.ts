import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BlockBuilder } from '../block/block-builder.ts'
import { encodeBlock } from '../block/encode-block.ts'
import { rowsOf } from '../block/table-test-rows.ts'
import { LogsNormaliser } from '../otlp/logs-normaliser.ts'
import { bytes, varint } from '../otlp/protobuf-test-writer.ts'
import { lokiFromJson } from './loki-from-json.ts'
import { lokiFromProtobuf } from './loki-from-protobuf.ts'

const NOW = 1_800_000_000_000
const NANOS = BigInt(NOW) * 1_000_000n
const TRACE = '5b8efff798038103d269b633813fc60c'

interface TestEntry {
  nanos: bigint
  line: string
  metadata?: [string, string][]
}
interface TestStream {
  labels: Record<string, string>
  entries: TestEntry[]
}

function run(read: typeof lokiFromJson, body: Buffer) {
  const builder = new BlockBuilder(7, NOW)
  const normaliser = new LogsNormaliser(builder, NOW)
  read(body, normaliser)
  const block = builder.finish()
  return { outcome: normaliser.outcome(), block, rows: rowsOf(block.tables.get('logs')) }
}

const message = (number: number, ...fields: [number, Buffer][]) =>
  bytes(number, Buffer.concat(fields.map(([, f]) => f)))
const integer = (number: number, value: bigint): [number, Buffer] => [
  number,
  Buffer.concat([varint(BigInt(number * 8)), varint(value)]),
]
const text = (number: number, value: string) => bytes(number, Buffer.from(value))

function toProtobuf(streams: { selector: string; entries: TestEntry[] }[]): Buffer {
  const entry = ({ nanos, line, metadata = [] }: TestEntry) =>
    message(
      2,
      message(1, integer(1, nanos / 1_000_000_000n), integer(2, nanos % 1_000_000_000n)),
      text(2, line),
      ...metadata.map(([name, value]) => message(3, text(1, name), text(2, value))),
    )
  const fields = streams.map(({ selector, entries }) =>
    message(1, text(1, selector), ...entries.map(entry), integer(3, 5n)),
  )
  return Buffer.concat(fields.map(([, content]) => content))
}

function toJson(streams: TestStream[]): Buffer {
  const values = (entries: TestEntry[]) =>
    entries.map(({ nanos, line, metadata }) => [
      String(nanos),
      line,
      ...(metadata ? [Object.fromEntries(metadata)] : []),
    ])
  return Buffer.from(
    JSON.stringify({ streams: streams.map(({ labels, entries }) => ({ stream: labels, values: values(entries) })) }),
  )
}

const selectorOf = (labels: Record<string, string>) =>
  `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')}}`

/** The same streams in both encodings, which must agree. */
function push(streams: TestStream[]) {
  const json = run(lokiFromJson, toJson(streams))
  const selectors = streams.map(({ labels, entries }) => ({ selector: selectorOf(labels), entries }))
  const protobuf = run(lokiFromProtobuf, toProtobuf(selectors))
  expect(protobuf.outcome).toEqual(json.outcome)
  expect(encodeBlock(protobuf.block).equals(encodeBlock(json.block))).toBe(true)
  return json
}

const one = (labels: Record<string, string>, metadata?: [string, string][]) =>
  push([{ labels, entries: [{ nanos: NANOS - 5n, line: 'hello', ...(metadata && { metadata }) }] }])

describe('a Loki push', () => {
  test('becomes log records: labels the resource, metadata the attributes', () => {
    const { rows, outcome } = one({ app: 'api', level: 'warn' }, [
      ['user', 'ü'],
      ['trace_id', TRACE],
      ['span_id', 'EEE19B7EC3C1B174'],
    ])
    expect(outcome).toEqual({ accepted: 1, rejected: 0, message: '' })
    expect(rows).toMatchObject([
      {
        at: NANOS - 5n,
        observed_at: NANOS,
        service: 'api',
        severity_number: 13,
        severity_text: 'warn',
        body: 'hello',
        body_is_json: false,
        resource: [
          ['app', 'api'],
          ['level', 'warn'],
        ],
        attributes: [
          ['span_id', 'EEE19B7EC3C1B174'],
          ['trace_id', TRACE],
          ['user', 'ü'],
        ],
        trace_id: TRACE,
        span_id: 'eee19b7ec3c1b174',
      },
    ])
  })

  test.each([
    [{ job: 'j', app: 'a', service: 's', service_name: 'sn' }, 'sn'],
    [{ job: 'j', app: 'a', service: 's' }, 's'],
    [{ job: 'j', container: 'c', app: 'a' }, 'a'],
    [{ job: 'j', container: 'c' }, 'c'],
    [{ job: 'j' }, 'j'],
    [{ host: 'h' }, ''],
  ])('of labels %j is of the service %j', (labels, service) => {
    expect(one(labels).rows).toMatchObject([{ service }])
  })

  test.each<[string, Record<string, string>, [string, string][], number, string]>([
    ['a label', { a: 'b', level: 'ERROR' }, [], 17, 'ERROR'],
    ['metadata over a label', { level: 'info' }, [['severity', 'critical']], 18, 'critical'],
    ['a label over what was detected', { level: 'info' }, [['detected_level', 'error']], 9, 'info'],
    ['what was detected', { a: 'b' }, [['detected_level', 'debug']], 5, 'debug'],
    ['what was detected before', { a: 'b', detected_level: 'debug' }, [], 5, 'debug'],
    ['a word that is no level', { level: 'loud' }, [], 0, 'loud'],
    [
      'a number',
      { a: 'b' },
      [
        ['severity_text', 'x'],
        ['severity_number', '21'],
      ],
      21,
      'x',
    ],
    ['nothing', { a: 'b' }, [['levels', 'error']], 0, ''],
  ])('has the severity of %s', (_, labels, metadata, severity_number, severity_text) => {
    expect(one(labels, metadata).rows).toMatchObject([{ severity_number, severity_text }])
  })

  test('has the severity of its line where the sender says none', () => {
    const line = (text: string, labels = {}, metadata: [string, string][] = []) =>
      push([{ labels: { a: 'b', ...labels }, entries: [{ nanos: NANOS, line: text, metadata }] }]).rows[0]
    expect(line('ü level=error x')).toMatchObject({ severity_number: 17, severity_text: '' })
    expect(line('level=error', { level: 'info' })).toMatchObject({ severity_number: 9, severity_text: 'info' })
    expect(line('level=error', {}, [['detected_level', 'unknown']])).toMatchObject({ severity_number: 0 })
    expect(line(`${'x'.repeat(600)} level=error`)).toMatchObject({ severity_number: 0 })
    expect(line(`${'ä'.repeat(250)} level=error`)).toMatchObject({ severity_number: 17 })
    expect(line(`${'ä'.repeat(255)} level=error`)).toMatchObject({ severity_number: 0 })
  })

  test('takes an id of 64 bits for a trace, and no other text', () => {
    expect(one({ a: 'b' }, [['traceID', 'eee19b7ec3c1b174']]).rows).toMatchObject([
      { trace_id: '0000000000000000eee19b7ec3c1b174' },
    ])
    expect(one({ a: 'b' }, [['traceID', 'none']]).rows).toMatchObject([{ trace_id: '00'.repeat(16) }])
  })

  test('rejects entries outside the clock window by their stream and keeps the others', () => {
    const entries = [0n, -401n * 86_400n, 601n].map((s) => ({ nanos: NANOS + s * 1_000_000_000n, line: 'x' }))
    const { outcome } = push([{ labels: { app: 'a' }, entries }])
    expect(outcome).toEqual({
      accepted: 1,
      rejected: 2,
      message:
        'service "a", stream {app="a"}: a record is older than 400 days (1 record); ' +
        'service "a", stream {app="a"}: a record is more than 10 minutes in the future (1 record)',
    })
  })

  test('rejects the entries of a stream whose labels cannot be read, and keeps other streams', () => {
    const entries = [{ nanos: NANOS, line: 'x' }]
    const body = toProtobuf([
      { selector: '{app="a"}', entries },
      { selector: '{app="b', entries },
      { selector: '{}', entries },
    ])
    expect(run(lokiFromProtobuf, body).outcome).toEqual({
      accepted: 1,
      rejected: 2,
      message:
        'logs without a service, stream {app="b: its labels cannot be read: a value has no end at character 8, found the end (1 record); ' +
        'logs without a service, stream {}: it has no labels (1 record)',
    })
  })

  test('rejects a time before the epoch', () => {
    const body = Buffer.from('{"streams":[{"stream":{"a":"b"},"values":[["-1","x"]]}]}')
    expect(run(lokiFromJson, body).outcome.message).toMatch('an entry is older than 400 days (1 record)')
    const bytes = toProtobuf([{ selector: '{a="b"}', entries: [{ nanos: -5_000_000_000n, line: 'x' }] }])
    expect(run(lokiFromProtobuf, bytes).outcome.message).toMatch('an entry is older than 400 days (1 record)')
  })

  test.each([
    ['no JSON', '{', 'the body is not valid JSON'],
    ['no streams', '{}', 'streams must be an array, not missing'],
    ['no labels', '{"streams":[{"values":[]}]}', 'streams[0].stream must be an object, not missing'],
    ['a label that is no text', '{"streams":[{"stream":{"a":1}}]}', 'streams[0].stream["a"] must be a string, not 1'],
    [
      'an entry of one item',
      '{"streams":[{"stream":{"a":"b"},"values":[["1800000000000000000","x"],["1"]]}]}',
      'streams[0].values[1] must be [time, line] or [time, line, metadata], not 1 items',
    ],
    [
      'a time that is none',
      '{"streams":[{"stream":{"a":"b"},"values":[["now","x"]]}]}',
      'streams[0].values[0][0] must be nanoseconds since the epoch as a string, not "now"',
    ],
    [
      'metadata that is no text',
      '{"streams":[{"stream":{"a":"b"},"values":[["1","x",{"n":2}]]}]}',
      'streams[0].values[0][2]["n"] must be a string, not 2',
    ],
  ])('refuses %s, saying where', (_, body, error) => {
    expect(() => run(lokiFromJson, Buffer.from(body))).toThrow(`Loki JSON: ${error}`)
  })

  test('may be empty', () => {
    expect(run(lokiFromJson, Buffer.from('{"streams":[]}')).outcome.accepted).toBe(0)
    expect(run(lokiFromProtobuf, Buffer.alloc(0)).outcome.accepted).toBe(0)
  })
})

const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,5}$/)
const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
const streams: fc.Arbitrary<TestStream[]> = fc.array(
  fc.record({
    labels: fc.dictionary(name, value, { minKeys: 1, maxKeys: 4 }),
    entries: fc.array(
      fc.record({
        nanos: fc.bigInt({ min: -700n * 10n ** 9n, max: 700n * 10n ** 9n }).map((offset) => NANOS + offset),
        line: fc.string({ unit: 'grapheme' }),
        metadata: fc.uniqueArray(fc.tuple(fc.oneof(name, fc.constantFrom('level', 'trace_id')), value), {
          selector: ([key]) => key,
          maxLength: 3,
        }),
      }),
      { maxLength: 4 },
    ),
  }),
  { maxLength: 3 },
)

describe('Loki pushes of any content', { timeout: 600_000 }, () => {
  test('give equal blocks in both encodings', () => {
    let accepted = 0
    fc.assert(
      fc.property(streams, (given) => void (accepted += push(given).outcome.accepted)),
      { numRuns: 300 },
    )
    expect(accepted).toBeGreaterThan(100)
  })

  test('with bytes cut or changed bring rows or a refusal with a place', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 })
    fc.assert(
      fc.property(streams, edits, fc.nat(), fc.boolean(), (given, changes, cut, asJson) => {
        const selectors = given.map(({ labels, entries }) => ({ selector: selectorOf(labels), entries }))
        const whole = asJson ? toJson(given) : toProtobuf(selectors)
        const body = changes.length === 0 ? whole.subarray(0, cut % (whole.length + 1)) : whole
        if (body.length > 0) for (const [at, byte] of changes) body[at % body.length] = byte
        try {
          encodeBlock(run(asJson ? lokiFromJson : lokiFromProtobuf, body).block)
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad_request' })
          if (!asJson) expect((error as Error).message).toMatch(/^malformed Loki protobuf at byte \d+ in \w+/)
        }
      }),
      { numRuns: 500 },
    )
  })
})
