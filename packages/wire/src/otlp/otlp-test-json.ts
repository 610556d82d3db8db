import type {
  TestAttribute,
  TestExemplar,
  TestExponentialPoint,
  TestHistogramPoint,
  TestMetric,
  TestNumber,
  TestNumberPoint,
  TestPoint,
  TestRequest,
  TestSide,
  TestSummaryPoint,
  TestValue,
} from './otlp-test-messages.ts'

/** A request in OTLP's JSON encoding. 64-bit integers are strings where a JSON number would not hold them. */
export function toJson(request: TestRequest): Buffer {
  return Buffer.from(
    JSON.stringify({
      resourceMetrics: request.map(({ attributes, scopes }) => ({
        ...(attributes && { resource: { attributes: attributes.map(keyValue) } }),
        schemaUrl: 'url',
        scopeMetrics: scopes.map(({ name, metrics }) => ({
          scope: { name, version: '1.0' },
          metrics: metrics.map(metric),
        })),
      })),
    }),
  )
}

function metric({ name, unit, description, data }: TestMetric): object {
  const head = { name, unit, description, unknownField: { nested: [1] } }
  if (data === null) return head
  if (data.kind === 'gauge') return { ...head, gauge: { dataPoints: data.points.map(numberPoint) } }
  if (data.kind === 'sum') {
    const { temporality: aggregationTemporality, monotonic: isMonotonic } = data
    return { ...head, sum: { dataPoints: data.points.map(numberPoint), aggregationTemporality, isMonotonic } }
  }
  if (data.kind === 'histogram') {
    const histogram = { dataPoints: data.points.map(histogramPoint), aggregationTemporality: data.temporality }
    return { ...head, histogram }
  }
  if (data.kind === 'summary') return { ...head, summary: { dataPoints: data.points.map(summaryPoint) } }
  const { points, temporality: aggregationTemporality } = data
  return { ...head, exponentialHistogram: { dataPoints: points.map(exponentialPoint), aggregationTemporality } }
}

function point({ attributes, start, at, flags }: TestPoint): object {
  return {
    attributes: attributes.map(keyValue),
    startTimeUnixNano: integer(start),
    timeUnixNano: integer(at),
    flags,
    futureField: 'ignored',
  }
}

function number(value: TestNumber): object {
  if (value === null) return { asDouble: null }
  return 'int' in value ? { asInt: integer(value.int) } : { asDouble: double(value.double) }
}

function numberPoint(p: TestNumberPoint): object {
  return { ...point(p), ...number(p.value), exemplars: p.exemplars.map(exemplar) }
}

function exemplar({ attributes, at, value, traceId, spanId }: TestExemplar): object {
  const hex = (id: Uint8Array) => Buffer.from(id).toString('hex')
  return {
    filteredAttributes: attributes.map(keyValue),
    timeUnixNano: integer(at),
    ...number(value),
    traceId: hex(traceId).toUpperCase(),
    spanId: hex(spanId),
  }
}

function counts(p: TestHistogramPoint | TestExponentialPoint): object {
  return {
    ...point(p),
    count: integer(p.count),
    ...(p.sum !== null && { sum: double(p.sum) }),
    ...(p.min !== null && { min: double(p.min) }),
    ...(p.max !== null && { max: double(p.max) }),
    exemplars: p.exemplars.map(exemplar),
  }
}

function histogramPoint(p: TestHistogramPoint): object {
  return { ...counts(p), bucketCounts: p.bucketCounts.map(integer), explicitBounds: p.bounds.map(double) }
}

function exponentialPoint(p: TestExponentialPoint): object {
  const side = ({ offset, counts }: TestSide) => ({ offset, bucketCounts: counts.map(integer) })
  return {
    ...counts(p),
    scale: p.scale,
    zeroThreshold: double(p.zeroThreshold),
    zeroCount: integer(p.zeroCount),
    ...(p.positive && { positive: side(p.positive) }),
    ...(p.negative && { negative: side(p.negative) }),
  }
}

function summaryPoint(p: TestSummaryPoint): object {
  const quantileValues = p.quantiles.map(({ quantile, value }) => ({ quantile, value: double(value) }))
  return { ...point(p), count: integer(p.count), sum: double(p.sum), quantileValues }
}

function keyValue({ key, value }: TestAttribute): object {
  return { key, value: anyValue(value) }
}

function anyValue(value: TestValue): object {
  if (value === null) return {}
  if ('string' in value) return { stringValue: value.string }
  if ('bool' in value) return { boolValue: value.bool }
  if ('int' in value) return { intValue: integer(value.int) }
  if ('double' in value) return { doubleValue: double(value.double) }
  if ('list' in value) return { arrayValue: { values: value.list.map(anyValue) } }
  if ('map' in value) return { kvlistValue: { values: value.map.map(keyValue) } }
  return { bytesValue: Buffer.from(value.bytes).toString('base64') }
}

function integer(value: bigint): string | number {
  return value % 2n === 0n && value > -(2n ** 53n) && value < 2n ** 53n ? Number(value) : value.toString()
}

/** JSON has no -0, NaN and infinities: they travel as strings. */
function double(value: number): number | string {
  return Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? '-0' : String(value)
}
