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
export interface TestExemplar {
  attributes: TestAttribute[]
  at: bigint
  value: TestNumber
  /** Empty for none. */
  traceId: Uint8Array
  spanId: Uint8Array
}
export type TestNumber = { int: bigint } | { double: number } | null
export interface TestPoint {
  attributes: TestAttribute[]
  start: bigint
  at: bigint
  flags: number
}
export interface TestNumberPoint extends TestPoint {
  value: TestNumber
  exemplars: TestExemplar[]
}
interface TestCounts extends TestPoint {
  count: bigint
  sum: number | null
  min: number | null
  max: number | null
  exemplars: TestExemplar[]
}
export interface TestHistogramPoint extends TestCounts {
  bucketCounts: bigint[]
  bounds: number[]
}
export interface TestSide {
  offset: number
  counts: bigint[]
}
export interface TestExponentialPoint extends TestCounts {
  scale: number
  zeroThreshold: number
  zeroCount: bigint
  positive: TestSide | null
  negative: TestSide | null
}
export interface TestSummaryPoint extends TestPoint {
  count: bigint
  sum: number
  quantiles: { quantile: number; value: number }[]
}
export interface TestMetric {
  name: string
  unit: string
  description: string
  data:
    | { kind: 'gauge'; points: TestNumberPoint[] }
    | { kind: 'sum'; points: TestNumberPoint[]; temporality: number; monotonic: boolean }
    | { kind: 'histogram'; points: TestHistogramPoint[]; temporality: number }
    | { kind: 'exponentialHistogram'; points: TestExponentialPoint[]; temporality: number }
    | { kind: 'summary'; points: TestSummaryPoint[] }
    | null
}
export interface TestResource {
  attributes: TestAttribute[] | null
  scopes: { name: string; metrics: TestMetric[] }[]
}
export type TestRequest = TestResource[]

export const TEST_NOW = 1_800_000_000_000
