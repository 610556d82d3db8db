import * as fc from 'fast-check'
import {
  TEST_NOW,
  type TestExemplar,
  type TestExponentialPoint,
  type TestHistogramPoint,
  type TestNumber,
  type TestNumberPoint,
  type TestSide,
  type TestSummaryPoint,
  type TestValue,
} from './otlp-test-messages.ts'

const DAY_MS = 86_400_000

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const key = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom('a', 'b', 'service.name', 'otel.scope.name', 'resource.a', '__proto__') },
  { weight: 20, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }) },
  { weight: 1, arbitrary: fc.constant('') },
)
const plain: fc.Arbitrary<TestValue> = fc.oneof(
  fc.record({ string: fc.string({ unit: 'grapheme', maxLength: 8 }) }),
  fc.record({ bool: fc.boolean() }),
  fc.record({ int: int64 }),
  fc.record({ double: fc.double() }),
  fc.record({ bytes: fc.uint8Array({ maxLength: 5 }) }),
  fc.constant(null),
)
const tooLong: fc.Arbitrary<TestValue> = fc.constant({ string: 'x'.repeat(4_097) })
const leaf = fc.oneof({ weight: 50, arbitrary: plain }, { weight: 1, arbitrary: tooLong })
const value: fc.Arbitrary<TestValue> = fc.letrec<{ value: TestValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf,
    fc.record({ list: fc.array(tie('value'), { maxLength: 3 }) }),
    fc.record({ map: fc.array(fc.record({ key, value: tie('value') }), { maxLength: 3 }) }),
  ),
})).value
export const attributes = fc.array(fc.record({ key, value }), { maxLength: 4 })

const time = fc.oneof(
  { weight: 30, arbitrary: fc.bigInt({ min: -5n * 10n ** 9n, max: 5n * 10n ** 9n }) },
  { weight: 1, arbitrary: fc.constantFrom(BigInt(700 * 1e6), BigInt(-401 * DAY_MS) * 1_000_000n) },
)
const nanos = fc.oneof(
  { weight: 30, arbitrary: time.map((offset) => BigInt(TEST_NOW) * 1_000_000n + offset) },
  { weight: 1, arbitrary: fc.constantFrom(0n, 1n, 2n ** 64n - 1n, BigInt(TEST_NOW + 600_001) * 1_000_000n) },
)
const id = (bytes: number) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.uint8Array({ minLength: bytes, maxLength: bytes }) },
    fc.constantFrom(new Uint8Array(0), new Uint8Array(bytes), new Uint8Array(3).fill(1)),
  )
const number: fc.Arbitrary<TestNumber> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ int: int64 }) },
  { weight: 10, arbitrary: fc.record({ double: fc.double() }) },
  { weight: 1, arbitrary: fc.constant(null) },
)
const exemplars: fc.Arbitrary<TestExemplar[]> = fc.array(
  fc.record({ attributes, at: nanos, value: number, traceId: id(16), spanId: id(8) }),
  { maxLength: 2 },
)
const pointParts = { attributes, start: nanos, at: nanos, flags: fc.constantFrom(0, 0, 0, 1, 2, 3, 2 ** 32 - 1) }
export const numberPoint: fc.Arbitrary<TestNumberPoint> = fc.record({
  ...pointParts,
  value: number,
  exemplars,
})
const optionalDouble = fc.option(fc.double())
const measured = { sum: optionalDouble, min: optionalDouble, max: optionalDouble, exemplars }
export const histogramPoint: fc.Arbitrary<TestHistogramPoint> = fc
  .record({
    ...pointParts,
    ...measured,
    bucketCounts: fc.array(fc.bigInt({ min: 0n, max: 1_000n }), { maxLength: 5 }),
    spare: fc.constantFrom(0n, 0n, 0n, 1n),
    bounds: fc.uniqueArray(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 }),
    extra: fc.constantFrom(-1, -1, -1, 0),
    sorted: fc.constantFrom(true, true, true, false),
  })
  .map(({ spare, extra, sorted, bounds, ...point }) => ({
    ...point,
    count: point.bucketCounts.reduce((a, b) => a + b, spare),
    bounds: (sorted ? bounds.toSorted((a, b) => a - b) : bounds).slice(
      0,
      Math.max(0, point.bucketCounts.length + extra),
    ),
  }))

const side: fc.Arbitrary<TestSide | null> = fc.option(
  fc.record({
    offset: fc.oneof({ weight: 20, arbitrary: fc.integer({ min: -40, max: 40 }) }, fc.integer()),
    counts: fc.array(fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 2n ** 40n })), { maxLength: 6 }),
  }),
)
export const exponentialPoint: fc.Arbitrary<TestExponentialPoint> = fc
  .record({
    ...pointParts,
    ...measured,
    scale: fc.oneof({ weight: 20, arbitrary: fc.integer({ min: -10, max: 20 }) }, fc.integer({ min: -20, max: 40 })),
    zeroThreshold: fc.constantFrom(0, 0, 1e-6, -1, NaN),
    zeroCount: fc.bigInt({ min: 0n, max: 9n }),
    positive: side,
    negative: side,
    spare: fc.constantFrom(0n, 0n, 0n, 0n, 1n),
  })
  .map(({ spare, ...point }) => {
    const counts = [...(point.positive?.counts ?? []), ...(point.negative?.counts ?? []), point.zeroCount]
    return { ...point, count: counts.reduce((a, b) => a + b, spare) }
  })

export const summaryPoint: fc.Arbitrary<TestSummaryPoint> = fc.record({
  ...pointParts,
  count: fc.bigInt({ min: 0n, max: 2n ** 53n }),
  sum: fc.double(),
  quantiles: fc.array(fc.record({ quantile: fc.constantFrom(0, 0.5, 0.99, 1, 1e-9, 1.5), value: fc.double() }), {
    maxLength: 3,
  }),
})
