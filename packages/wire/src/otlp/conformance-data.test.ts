import { describe, expect, test } from 'vitest'
import { BlockBuilder } from '../block/block-builder.ts'
import { rowsOf } from '../block/table-test-rows.ts'
import { isStaleAt } from '../metrics/stale-marker.ts'
import { SeriesCache } from '../series/series-cache.ts'
import { logsFromJson } from './logs-from-json.ts'
import { LogsNormaliser } from './logs-normaliser.ts'
import { metricsFromJson } from './metrics-from-json.ts'
import { MetricsNormaliser } from './metrics-normaliser.ts'
import { tracesFromJson } from './traces-from-json.ts'
import { TracesNormaliser } from './traces-normaliser.ts'

/**
 * What the comments of opentelemetry-proto's messages ask of who reads them. In JSON; that protobuf gives the same rows
 * is shown for any request in metrics-encodings.test.ts and records-encodings.test.ts.
 */
const NOW = Date.UTC(2026, 10, 26, 12)
const nanos = `${NOW}000000`
const TRACE = '5b8efff798038103d269b633813fc60c'
const SPAN = 'eee19b7ec3c1b174'
const ALL_FLAGS = 0xffff_ffff

function metric(data: object) {
  const builder = new BlockBuilder(7, NOW)
  const normaliser = new MetricsNormaliser(builder, new SeriesCache(), NOW)
  const body = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', ...data }] }] }] }
  metricsFromJson(Buffer.from(JSON.stringify(body)), normaliser)
  return { block: builder.finish(), ...normaliser.outcome() }
}
function log(record: object) {
  const builder = new BlockBuilder(7, NOW)
  const normaliser = new LogsNormaliser(builder, NOW)
  const body = { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }
  logsFromJson(Buffer.from(JSON.stringify(body)), normaliser)
  return { rows: rowsOf(builder.finish().tables.get('logs')), ...normaliser.outcome() }
}
function span(given: object) {
  const builder = new BlockBuilder(7, NOW)
  const normaliser = new TracesNormaliser(builder, NOW)
  const spans = [
    { traceId: TRACE, spanId: SPAN, name: 'x', startTimeUnixNano: nanos, endTimeUnixNano: nanos, ...given },
  ]
  tracesFromJson(Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })), normaliser)
  return { rows: rowsOf(builder.finish().tables.get('spans')), ...normaliser.outcome() }
}
const points = (kind: string, point: object, more: object = { aggregationTemporality: 2 }) => ({
  [kind]: { ...more, dataPoints: [{ timeUnixNano: nanos, ...point }] },
})

describe('OTLP, metrics.proto', () => {
  test.each([
    ['gauge', { asInt: 1 }],
    ['sum', { asInt: 1 }],
    ['histogram', { count: 1 }],
    ['exponentialHistogram', {}],
    ['summary', {}],
  ])('Metric: a data point of TimeUnixNano 0 SHOULD be rejected: %s', (kind, point) => {
    expect(metric(points(kind, point))).toMatchObject({ accepted: 1, rejected: 0 })
    for (const timeUnixNano of [0, '0', undefined])
      expect(metric(points(kind, { ...point, timeUnixNano }))).toMatchObject({
        accepted: 0,
        rejected: 1,
        message: 'metric "m": a point has no time (1 point)',
      })
  })

  test.each(['sum', 'histogram', 'exponentialHistogram'])(
    'AggregationTemporality: UNSPECIFIED MUST not be used, so a %s of it is rejected',
    (kind) => {
      for (const more of [{}, { aggregationTemporality: 0 }])
        expect(metric(points(kind, { asInt: 1 }, more))).toMatchObject({ accepted: 0, rejected: 1 })
    },
  )

  test('DataPointFlags: only the bit of "no recorded value" counts, those reserved for the future do not', () => {
    const kept = metric(points('gauge', { asDouble: 5, flags: ALL_FLAGS - 1 }))
    expect([...kept.block.samples.value]).toEqual([5])
    expect(isStaleAt(metric(points('gauge', { asDouble: 5, flags: ALL_FLAGS })).block.samples.value, 0)).toBe(true)
    expect(isStaleAt(metric(points('gauge', { flags: 1 })).block.samples.value, 0)).toBe(true)
  })

  test('NumberDataPoint: a point without a value is invalid', () => {
    expect(metric(points('gauge', {}))).toMatchObject({
      rejected: 1,
      message: 'metric "m": a point has no value (1 point)',
    })
  })

  test.each<[string, object]>([
    ['bucket_counts must have one element more than explicit_bounds', { bucketCounts: [1, 2], explicitBounds: [1, 2] }],
    ['bucket_counts may only be empty where explicit_bounds is', { bucketCounts: [], explicitBounds: [1] }],
    ['explicit_bounds must be strictly increasing', { bucketCounts: [1, 1, 1], explicitBounds: [2, 2] }],
    ['bucket_counts must add up to count', { bucketCounts: [1, 1], explicitBounds: [1] }],
  ])('HistogramDataPoint: %s, else the point is rejected', (_, buckets) => {
    expect(metric(points('histogram', { count: 3, ...buckets }))).toMatchObject({ accepted: 0, rejected: 1 })
  })

  test('HistogramDataPoint: without a distribution only count and sum are known', () => {
    const { block } = metric(points('histogram', { count: 3, sum: 4.5 }))
    expect(block.histograms).toMatchObject([{ count: 3, sum: 4.5, bounds: [], bucketCounts: [3] }])
  })

  test('ExponentialHistogramDataPoint: count must equal all bucket counts and the zero count', () => {
    const point = { zeroCount: 1, positive: { bucketCounts: [2] }, negative: { bucketCounts: [3] } }
    expect(metric(points('exponentialHistogram', { count: 6, ...point }))).toMatchObject({ accepted: 1 })
    expect(metric(points('exponentialHistogram', { count: 5, ...point }))).toMatchObject({ rejected: 1 })
  })

  test('SummaryDataPoint: a quantile must be in [0, 1]', () => {
    const quantiles = (quantile: number) => ({ quantileValues: [{ quantile, value: 1 }] })
    for (const good of [0, 1]) expect(metric(points('summary', quantiles(good))).rejected).toBe(0)
    for (const bad of [-0.1, 1.1]) expect(metric(points('summary', quantiles(bad))).rejected).toBe(1)
  })

  test('Exemplar: one without a value is invalid: it is left out with a warning, the point is kept', () => {
    const { block, accepted, rejected, message } = metric(
      points('gauge', { asInt: 1, exemplars: [{ timeUnixNano: nanos }, { timeUnixNano: nanos, asInt: 2 }] }),
    )
    expect([accepted, rejected, rowsOf(block.tables.get('exemplars')).length]).toEqual([1, 0, 1])
    expect(message).toBe('metric "m": an exemplar has no value (1 exemplar)')
  })

  test('Gauge: StartTimeUnixNano is ignored', () => {
    expect([...metric(points('gauge', { asInt: 1, startTimeUnixNano: '1' })).block.samples.start]).toEqual([0])
  })
})

describe('OTLP, logs.proto', () => {
  test('LogRecord.flags: readers must not assume that the 24 reserved bits are zero', () => {
    expect(log({ flags: ALL_FLAGS }).rows).toMatchObject([{ flags: ALL_FLAGS }])
  })

  test.each(['', '00'.repeat(16), 'abcd', '00'.repeat(17)])(
    'LogRecord: with an invalid trace_id or span_id (%j) it SHOULD be taken as not associated',
    (id) => {
      const none = { trace_id: '00'.repeat(16), span_id: '00'.repeat(8) }
      expect(log({ traceId: id, spanId: id })).toMatchObject({ accepted: 1, rejected: 0, rows: [none] })
    },
  )

  test('LogRecord: its time is time_unix_nano, where that is 0 observed_time_unix_nano', () => {
    const at = BigInt(NOW) * 1_000_000n
    expect(log({ timeUnixNano: nanos, observedTimeUnixNano: '1' }).rows).toMatchObject([{ at }])
    expect(log({ timeUnixNano: 0, observedTimeUnixNano: nanos }).rows).toMatchObject([{ at }])
  })

  test('LogRecord.body may be any AnyValue, also an empty one', () => {
    expect(log({ body: {} })).toMatchObject({ accepted: 1, rows: [{ body: '' }] })
    const kvlistValue = { values: [{ key: 'a', value: {} }] }
    expect(log({ body: { kvlistValue } })).toMatchObject({ accepted: 1, rows: [{ body: '{"a":null}' }] })
  })
})

describe('OTLP, trace.proto', () => {
  test.each([
    ['trace_id', { traceId: '' }],
    ['trace_id', { traceId: '00'.repeat(16) }],
    ['trace_id', { traceId: SPAN }],
    ['span_id', { spanId: '' }],
    ['span_id', { spanId: '00'.repeat(8) }],
    ['span_id', { spanId: TRACE }],
  ])('Span.%s is required, and invalid when zero or of another length: %j is rejected', (_, bad) => {
    expect(span(bad)).toMatchObject({ accepted: 0, rejected: 1, rows: [] })
  })

  test('Span.parent_span_id: empty is a root', () => {
    expect(span({ parentSpanId: '' })).toMatchObject({ accepted: 1, rows: [{ parent_span_id: '00'.repeat(8) }] })
  })

  test('Span.flags and Link.flags: readers MUST NOT assume that bits 10-31 are zero', () => {
    const links = [{ traceId: TRACE, spanId: SPAN, flags: ALL_FLAGS }]
    expect(span({ flags: ALL_FLAGS, links })).toMatchObject({ accepted: 1, rows: [{ flags: ALL_FLAGS }] })
  })

  test('Span.status: not set means UNSET', () => {
    expect(span({}).rows).toMatchObject([{ status_code: 0, status_message: '' }])
  })

  test('Span.kind: UNSPECIFIED and kinds of the future are taken', () => {
    for (const kind of [undefined, 0, 99]) expect(span({ kind })).toMatchObject({ accepted: 1, rows: [{ kind: 0 }] })
  })

  test('Span.name: empty is an unknown name, not a fault', () => {
    expect(span({ name: '' })).toMatchObject({ accepted: 1, rows: [{ name: '' }] })
  })

  test('Attribute keys MUST be unique: of those that are not the last counts', () => {
    const attributes = ['1', '2'].map((stringValue) => ({ key: 'a', value: { stringValue } }))
    expect(span({ attributes })).toMatchObject({ accepted: 1, rows: [{ attributes: [['a', '2']] }] })
  })
})
