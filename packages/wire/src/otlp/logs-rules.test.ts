import { describe, expect, test } from 'vitest'
import { BlockBuilder } from '../block/block-builder.ts'
import { rowsOf } from '../block/table-test-rows.ts'
import { logsFromJson } from './logs-from-json.ts'
import { logsFromProtobuf } from './logs-from-protobuf.ts'
import { LogsNormaliser } from './logs-normaliser.ts'
import { TEST_NOW } from './otlp-test-messages.ts'
import { LOGS_REQUEST, writeProtobuf } from './otlp-test-schema.ts'

const NOW = BigInt(TEST_NOW) * 1_000_000n
const TRACE = '5B8EFFF798038103D269B633813FC60C'
const SPAN = 'eee19b7ec3c1b174'

function run(read: typeof logsFromJson, bytes: Buffer) {
  const builder = new BlockBuilder(7, TEST_NOW)
  const normaliser = new LogsNormaliser(builder, TEST_NOW)
  read(bytes, normaliser)
  return { outcome: normaliser.outcome(), rows: rowsOf(builder.finish().tables.get('logs')) }
}

/** One record of the service x in JSON. */
function json(record: object | string, resource: unknown = service('x')) {
  const text = typeof record === 'string' ? record : JSON.stringify(record)
  const body = `{"resourceLogs":[{"resource":${JSON.stringify(resource)},"scopeLogs":[{"logRecords":[${text}]}]}]}`
  return run(logsFromJson, Buffer.from(body))
}

function service(name: string) {
  return { attributes: [{ key: 'service.name', value: { stringValue: name } }] }
}

const nanos = (ms: number) => String(BigInt(TEST_NOW + ms) * 1_000_000n)
const DAY = 86_400_000

describe('a log record', () => {
  test('keeps all that its sender says', () => {
    const { rows, outcome } = run(
      logsFromJson,
      Buffer.from(
        JSON.stringify({
          resourceLogs: [
            {
              resource: service('checkout'),
              scopeLogs: [
                {
                  scope: {
                    name: 'lib',
                    version: '1.2',
                    attributes: [{ key: 'scope', value: { boolValue: true } }],
                  },
                  logRecords: [
                    {
                      timeUnixNano: '1799999999123456789',
                      observedTimeUnixNano: '1799999999123456999',
                      severityNumber: 17,
                      severityText: 'Error',
                      body: { stringValue: 'bö' },
                      attributes: [
                        { key: 'z', value: { intValue: '-5' } },
                        { key: 'a', value: { doubleValue: 0.5 } },
                        { key: 'm', value: { arrayValue: { values: [{ stringValue: 'x' }, { intValue: 2 }] } } },
                        { key: 'a', value: { stringValue: 'last wins' } },
                      ],
                      droppedAttributesCount: 3,
                      flags: 1,
                      traceId: TRACE,
                      spanId: SPAN,
                      eventName: 'browser.click',
                    },
                  ],
                },
              ],
            },
          ],
        }),
      ),
    )
    expect(outcome).toEqual({ accepted: 1, rejected: 0, message: '' })
    expect(rows).toEqual([
      {
        at: 1_799_999_999_123_456_789n,
        observed_at: 1_799_999_999_123_456_999n,
        service: 'checkout',
        severity_number: 17,
        severity_text: 'Error',
        body: 'bö',
        body_is_json: false,
        event_name: 'browser.click',
        attributes: [
          ['a', 'last wins'],
          ['m', '["x",2]'],
          ['z', '-5'],
        ],
        resource: [['service.name', 'checkout']],
        scope_name: 'lib',
        scope_version: '1.2',
        scope_attributes: [['scope', 'true']],
        trace_id: TRACE.toLowerCase(),
        span_id: SPAN,
        flags: 1,
        dropped_attributes: 3,
      },
    ])
  })

  test.each([
    ['text', { stringValue: '{"a":1}' }, '{"a":1}', false],
    ['an integer', { intValue: '9007199254740993' }, '9007199254740993', true],
    ['a double', { doubleValue: 1.5 }, '1.5', true],
    ['no number', { doubleValue: 'NaN' }, '"NaN"', true],
    ['a boolean', { boolValue: false }, 'false', true],
    ['bytes', { bytesValue: 'AQI=' }, '"AQI="', true],
    ['a list', { arrayValue: { values: [{ boolValue: true }, {}] } }, '[true,null]', true],
    ['a map', { kvlistValue: { values: [{ key: 'k', value: { intValue: 1 } }] } }, '{"k":1}', true],
    ['nothing', {}, '', false],
  ])('may have %s as its body', (_, body, text, isJson) => {
    expect(json({ body }).rows).toMatchObject([{ body: text, body_is_json: isJson }])
  })

  test('happened at its time, else when it was observed, else now', () => {
    const at = (record: object) => json(record).rows[0]
    expect(at({ timeUnixNano: nanos(-2), observedTimeUnixNano: nanos(-1) })).toMatchObject({
      at: NOW - 2_000_000n,
      observed_at: NOW - 1_000_000n,
    })
    expect(at({ observedTimeUnixNano: nanos(-1) })).toMatchObject({ at: NOW - 1_000_000n })
    expect(at({ timeUnixNano: '0' })).toMatchObject({ at: NOW, observed_at: NOW })
    // A clock that is far off says nothing of how long the record was on the way.
    expect(at({ timeUnixNano: nanos(0), observedTimeUnixNano: '1' })).toMatchObject({ observed_at: NOW })
  })

  test.each([
    ['older than 400 days', { timeUnixNano: nanos(-400 * DAY - 1) }, 'a record is older than 400 days'],
    ['far ahead', { timeUnixNano: nanos(600_001) }, 'a record is more than 10 minutes in the future'],
    [
      'too big',
      { body: { stringValue: 'x'.repeat(1_048_577) } },
      'a body has 1048577 bytes, at most 1048576 are allowed',
    ],
    ['of a long severity', { severityText: 'x'.repeat(1_025) }, 'a severity text is longer than 1024 bytes'],
    ['of a long event', { eventName: 'x'.repeat(1_025) }, 'an event name is longer than 1024 bytes'],
    [
      'with a long key',
      { attributes: [{ key: 'k'.repeat(257), value: {} }] },
      'an attribute key of a record is longer than 256 bytes',
    ],
    [
      'with 257 attributes',
      { attributes: Array.from({ length: 257 }, (_, i) => ({ key: `k${i}`, value: {} })) },
      'a record has 257 attributes, at most 256 are allowed',
    ],
    [
      'with big attributes',
      { attributes: [{ key: 'k', value: { stringValue: 'x'.repeat(1_048_576) } }] },
      'the attributes of a record take 1048577 bytes, at most 1048576 are allowed',
    ],
  ])('%s is rejected by name and loses nothing else', (_, bad, reason) => {
    const good = { body: { stringValue: 'kept' } }
    const { rows, outcome } = json([good, bad, good].map((r) => JSON.stringify(r)).join(','))
    expect(rows).toMatchObject([{ body: 'kept' }, { body: 'kept' }])
    expect(outcome).toEqual({ accepted: 2, rejected: 1, message: `service "x": ${reason} (1 record)` })
  })

  test('of a resource with too many attributes is rejected', () => {
    const attributes = Array.from({ length: 257 }, (_, i) => ({ key: `k${i}`, value: {} }))
    expect(json({}, { attributes }).outcome).toEqual({
      accepted: 0,
      rejected: 1,
      message: 'logs without a service: the resource has 257 attributes, at most 256 are allowed (1 record)',
    })
  })

  test('whose ids are invalid is not associated with a trace, and kept', () => {
    for (const [traceId, spanId] of [
      ['', ''],
      ['00'.repeat(16), '00'.repeat(8)],
      ['abcd', 'abcd'],
      ['not hex', 'abc'],
    ])
      expect(json({ traceId, spanId }).rows).toMatchObject([{ trace_id: '00'.repeat(16), span_id: '00'.repeat(8) }])
  })

  test('of an unknown severity number has none', () => {
    expect(json({ severityNumber: 25, severityText: 'x' }).rows).toMatchObject([
      { severity_number: 0, severity_text: 'x' },
    ])
  })
})

describe('a request of logs', () => {
  test('may be empty', () => {
    expect(run(logsFromJson, Buffer.from('{}')).outcome.accepted).toBe(0)
    expect(run(logsFromProtobuf, Buffer.alloc(0)).outcome.accepted).toBe(0)
  })

  test.each([
    ['an enum as a name', '{"severityNumber":"SEVERITY_NUMBER_INFO"}', 'severityNumber must be an integer enum value'],
    ['a time that is no integer', '{"timeUnixNano":"soon"}', 'timeUnixNano must be an integer'],
    ['a negative time', '{"timeUnixNano":-1}', 'timeUnixNano does not fit into uint64'],
    ['a body that is no AnyValue', '{"body":"text"}', 'body must be an object, not the string "text"'],
    ['attributes that are a map', '{"attributes":{"a":1}}', 'attributes must be an array, not an object'],
    ['flags of 33 bits', '{"flags":4294967296}', 'flags does not fit into uint32'],
  ])('refuses %s, saying where', (_, record, message) => {
    expect(() => json(record)).toThrow(`OTLP JSON: resourceLogs[0].scopeLogs[0].logRecords[0].${message}`)
  })

  test('takes integers as numbers or text, null as absent, and ignores what it does not know', () => {
    const record =
      '{"timeUnixNano":1800000000000000000,"flags":"1","body":null,"attributes":null,"later":[{}],"traceId":null}'
    expect(json(record).rows).toMatchObject([{ at: NOW, flags: 1, body: '', attributes: [] }])
  })

  test('does not know snake_case keys', () => {
    expect(json('{"severity_number":9}').rows).toMatchObject([{ severity_number: 0 }])
  })

  test('with malformed UTF-8 is kept with the replacement character', () => {
    const good = writeProtobuf(
      {
        resourceLogs: [
          {
            scopeLogs: [
              {
                logRecords: [
                  {
                    body: { stringValue: 'a??b' },
                    attributes: [{ key: 'k??', value: { stringValue: 'v??' } }],
                  },
                ],
              },
            ],
          },
        ],
      },
      LOGS_REQUEST,
    )
    // 0xff never stands in UTF-8.
    const bad = Buffer.from(good.toString('latin1').replaceAll('??', '\u00ff?'), 'latin1')
    expect(run(logsFromProtobuf, bad).rows).toMatchObject([
      { body: 'a\ufffd?b', attributes: [['k\ufffd?', 'v\ufffd?']] },
    ])
  })
})
