import * as fc from 'fast-check'

/** A metrics request as plain data, for tests that write it in both encodings. */
export interface TestAttribute {
  key: string
  value: TestValue
}
export type TestValue =
  | { string: string }
  | { bool: boolean }
  | { int: bigint }
  | { double: number }
  | { bytes: Uint8Array }
  | { list: TestValue[] }
  | { map: TestAttribute[] }
  | null
export interface TestPoint {
  attributes: TestAttribute[]
  start: bigint
  at: bigint
  flags: number
}
export interface TestNumberPoint extends TestPoint {
  value: { int: bigint } | { double: number } | null
}
export interface TestHistogramPoint extends TestPoint {
  count: bigint
  sum: number | null
  min: number | null
  max: number | null
  bucketCounts: bigint[]
  bounds: number[]
}
export interface TestMetric {
  name: string
  unit: string
  description: string
  data:
    | { kind: 'gauge'; points: TestNumberPoint[] }
    | { kind: 'sum'; points: TestNumberPoint[]; temporality: number; monotonic: boolean }
    | { kind: 'histogram'; points: TestHistogramPoint[]; temporality: number }
    | { kind: 'summary' | 'exponentialHistogram'; count: number }
    | null
}
export interface TestResource {
  attributes: TestAttribute[] | null
  scopes: { name: string; metrics: TestMetric[] }[]
}
export type TestRequest = TestResource[]

export const TEST_NOW = 1_800_000_000_000
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
const attributes = fc.array(fc.record({ key, value }), { maxLength: 4 })

const time = fc.oneof(
  { weight: 30, arbitrary: fc.bigInt({ min: -5n * 10n ** 9n, max: 5n * 10n ** 9n }) },
  { weight: 1, arbitrary: fc.constantFrom(BigInt(700 * 1e6), BigInt(-401 * DAY_MS) * 1_000_000n) },
)
const nanos = fc.oneof(
  { weight: 30, arbitrary: time.map((offset) => BigInt(TEST_NOW) * 1_000_000n + offset) },
  { weight: 1, arbitrary: fc.constantFrom(0n, 1n, 2n ** 64n - 1n, BigInt(TEST_NOW + 600_001) * 1_000_000n) },
)
const pointParts = { attributes, start: nanos, at: nanos, flags: fc.constantFrom(0, 0, 0, 1, 2, 3, 2 ** 32 - 1) }
const numberPoint: fc.Arbitrary<TestNumberPoint> = fc.record({
  ...pointParts,
  value: fc.oneof(
    { weight: 10, arbitrary: fc.record({ int: int64 }) },
    { weight: 10, arbitrary: fc.record({ double: fc.double() }) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
})
const optionalDouble = fc.option(fc.double())
const histogramPoint: fc.Arbitrary<TestHistogramPoint> = fc
  .record({
    ...pointParts,
    sum: optionalDouble,
    min: optionalDouble,
    max: optionalDouble,
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

const temporality = fc.constantFrom(0, 1, 2, 2, 2, 7)
const metric: fc.Arbitrary<TestMetric> = fc.record({
  name: fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom('m', 'n') },
    { weight: 10, arbitrary: fc.string({ unit: 'grapheme', maxLength: 5 }) },
    { weight: 2, arbitrary: fc.constantFrom('', 'n'.repeat(257)) },
  ),
  unit: fc.constantFrom('', 's', 'By'),
  description: fc.constantFrom('', 'what it is'),
  data: fc.oneof(
    fc.record({ kind: fc.constant('gauge' as const), points: fc.array(numberPoint, { maxLength: 6 }) }),
    fc.record({
      kind: fc.constant('sum' as const),
      points: fc.array(numberPoint, { maxLength: 6 }),
      temporality,
      monotonic: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('histogram' as const),
      points: fc.array(histogramPoint, { maxLength: 4 }),
      temporality,
    }),
    fc.record({ kind: fc.constantFrom('summary', 'exponentialHistogram'), count: fc.nat({ max: 3 }) }),
    fc.constant(null),
  ),
})

/** Requests of all kinds of metrics, with many points that must be rejected among them. */
export const testRequest: fc.Arbitrary<TestRequest> = fc.array(
  fc.record({
    attributes: fc.option(attributes),
    scopes: fc.array(
      fc.record({
        name: fc.constantFrom('', 'lib', 'other'),
        metrics: fc.array(metric, { minLength: 1, maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  }),
  { maxLength: 3 },
)
