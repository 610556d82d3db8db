import * as fc from 'fast-check'
import { TEST_NOW } from './otlp-test-messages.ts'
import type { TestMessage } from './otlp-test-schema.ts'

const DAY_NANOS = 86_400_000n * 1_000_000n
const NOW_NANOS = BigInt(TEST_NOW) * 1_000_000n

const text = fc.string({ unit: 'grapheme', maxLength: 8 })
const key = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('a', 'b', 'service.name', 'http.route', 'http.request.method', '__proto__', ''),
  },
  { weight: 2, arbitrary: text },
)
const anyValue: fc.Arbitrary<TestMessage> = fc.letrec<{ value: TestMessage }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.record({ stringValue: fc.oneof(text, fc.string({ unit: 'grapheme', maxLength: 200 })) }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.integer().map(BigInt)) }),
    fc.record({ doubleValue: fc.double() }),
    fc.record({ bytesValue: fc.uint8Array({ maxLength: 5 }) }),
    fc.constant({}),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('value'), { maxLength: 3 }) }) }),
    fc.record({
      kvlistValue: fc.record({ values: fc.array(fc.record({ key, value: tie('value') }), { maxLength: 3 }) }),
    }),
  ),
})).value
const attributes = fc.oneof(
  { weight: 20, arbitrary: fc.array(fc.record({ key, value: fc.option(anyValue) }), { maxLength: 6 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      [{ key: 'k'.repeat(257), value: { stringValue: '' } }],
      Array.from({ length: 257 }, () => ({ key: 'same', value: { boolValue: true } })),
    ),
  },
)
const uint32 = fc.oneof(fc.constant(0), fc.nat({ max: 2 ** 32 - 1 }))
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 4 })

const nanos = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.bigInt({ min: -5n * 10n ** 9n, max: 5n * 10n ** 9n }).map((offset) => NOW_NANOS + offset),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0n, 1n, 2n ** 64n - 1n, NOW_NANOS + 601n * 10n ** 9n, NOW_NANOS - 401n * DAY_NANOS),
  },
)
const id = (bytes: number) =>
  fc.oneof(
    {
      weight: 30,
      arbitrary: fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((b) => Buffer.from(b).toString('hex')),
    },
    { weight: 2, arbitrary: fc.constantFrom('', '00'.repeat(bytes), 'ab', 'ab'.repeat(bytes + 1)) },
  )

const logRecord: fc.Arbitrary<TestMessage> = fc.record({
  timeUnixNano: maybe(nanos),
  observedTimeUnixNano: maybe(nanos),
  severityNumber: maybe(fc.constantFrom(0, 1, 9, 17, 24, 25, 300)),
  severityText: maybe(fc.constantFrom('', 'INFO', 'Warnung \u00fc')),
  body: maybe(fc.oneof({ weight: 400, arbitrary: anyValue }, { weight: 1, arbitrary: fc.constant(tooLong()) })),
  attributes: maybe(attributes),
  droppedAttributesCount: maybe(uint32),
  flags: maybe(uint32),
  traceId: maybe(id(16)),
  spanId: maybe(id(8)),
  eventName: maybe(text),
})

function tooLong(): TestMessage {
  return { stringValue: 'x'.repeat(1_048_577) }
}

const event = fc.record({
  timeUnixNano: maybe(nanos),
  name: maybe(text),
  attributes: maybe(attributes),
  droppedAttributesCount: maybe(uint32),
})
const link = fc.record({
  traceId: maybe(id(16)),
  spanId: maybe(id(8)),
  traceState: maybe(text),
  attributes: maybe(attributes),
  droppedAttributesCount: maybe(uint32),
  flags: maybe(uint32),
})
const span: fc.Arbitrary<TestMessage> = fc.record({
  traceId: id(16),
  spanId: id(8),
  parentSpanId: maybe(id(8)),
  traceState: maybe(fc.constantFrom('', 'vendor=1')),
  name: maybe(text),
  kind: maybe(fc.nat({ max: 6 })),
  startTimeUnixNano: nanos,
  endTimeUnixNano: maybe(nanos),
  attributes: maybe(attributes),
  droppedAttributesCount: maybe(uint32),
  events: maybe(fc.array(event, { maxLength: 3 })),
  droppedEventsCount: maybe(uint32),
  links: maybe(fc.array(link, { maxLength: 2 })),
  droppedLinksCount: maybe(uint32),
  status: maybe(fc.record({ message: maybe(text), code: maybe(fc.nat({ max: 3 })) })),
  flags: maybe(uint32),
})

function requestOf(resources: string, scopes: string, records: string, record: fc.Arbitrary<TestMessage>) {
  const scope = fc.record({
    scope: maybe(fc.record({ name: maybe(text), version: maybe(text), attributes: maybe(attributes) })),
    [records]: fc.array(record, { minLength: 2, maxLength: 8 }),
    schemaUrl: maybe(text),
  })
  const resource = fc.record({
    resource: maybe(fc.record({ attributes: maybe(attributes), droppedAttributesCount: maybe(uint32) })),
    [scopes]: fc.array(scope, { minLength: 1, maxLength: 2 }),
    schemaUrl: maybe(text),
  })
  return fc.record({ [resources]: fc.array(resource, { maxLength: 3 }) }) as fc.Arbitrary<TestMessage>
}

/** Requests with many records that must be rejected among them. */
export const logsRequest = requestOf('resourceLogs', 'scopeLogs', 'logRecords', logRecord)
export const tracesRequest = requestOf('resourceSpans', 'scopeSpans', 'spans', span)
