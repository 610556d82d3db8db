import { describe, expect, test } from 'vitest'
import { BlockBuilder } from '../block/block-builder.ts'
import { rowsOf } from '../block/table-test-rows.ts'
import { isStaleAt } from '../metrics/stale-marker.ts'
import { SeriesCache } from '../series/series-cache.ts'
import { metricsFromJson } from './metrics-from-json.ts'
import { MetricsNormaliser } from './metrics-normaliser.ts'

const NOW = Date.UTC(2026, 10, 26, 12)
const time = { timeUnixNano: `${NOW}000000`, startTimeUnixNano: `${NOW - 60_000}000000` }

function normalise(metric: object) {
  const builder = new BlockBuilder(7, NOW)
  const normaliser = new MetricsNormaliser(builder, new SeriesCache(), NOW)
  const body = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', unit: 's', ...metric }] }] }] }
  metricsFromJson(Buffer.from(JSON.stringify(body)), normaliser)
  return { block: builder.finish(), ...normaliser.outcome() }
}
const exponential = (point: object, temporality = 2) => ({
  exponentialHistogram: { aggregationTemporality: temporality, dataPoints: [{ ...time, ...point }] },
})
const histogram = (point: object) => ({
  histogram: { aggregationTemporality: 2, dataPoints: [{ ...time, ...point }] },
})
const summary = (point: object) => ({ summary: { dataPoints: [{ ...time, ...point }] } })

describe('exponential histograms', () => {
  const point = {
    count: '12',
    sum: 3.5,
    min: -2,
    max: 9,
    scale: 3,
    zeroCount: 2,
    zeroThreshold: 0.001,
    positive: { offset: -1, bucketCounts: ['0', 4, '0', 1, 0] },
    negative: { offset: 7, bucketCounts: [5] },
  }

  test('are rows of their own, without the empty buckets at the ends', () => {
    const { block, ...outcome } = normalise(exponential(point))
    expect(outcome).toMatchObject({ accepted: 1, rejected: 0, message: '' })
    expect(block.series).toMatchObject([{ kind: 'exponential_histogram', temporality: 'cumulative', unit: 's' }])
    expect(block.exponentialHistograms).toEqual([
      {
        series: BigInt(block.series[0]!.id),
        at: NOW,
        start: NOW - 60_000,
        count: 12,
        sum: 3.5,
        min: -2,
        max: 9,
        scale: 3,
        zeroThreshold: 0.001,
        zeroCount: 2,
        positiveOffset: 0,
        positiveCounts: [4, 0, 1],
        negativeOffset: 7,
        negativeCounts: [5],
      },
    ])
  })

  test('may be deltas', () => {
    expect(normalise(exponential(point, 1)).block.series).toMatchObject([{ temporality: 'delta' }])
  })

  test('of a higher scale than any double needs are merged, exactly', () => {
    const fine = { count: 6, scale: 22, positive: { offset: -5, bucketCounts: [1, 2, 0, 0, 0, 3] } }
    expect(normalise(exponential(fine)).block.exponentialHistograms).toMatchObject([
      { scale: 20, positiveOffset: -2, positiveCounts: [1, 2, 3] },
    ])
  })

  test.each([
    [{ ...point, count: 13 }, /not the sum of its bucket counts/],
    [{ ...point, scale: -11 }, /scale of a histogram is -11/],
    [{ ...point, zeroThreshold: -1 }, /zero threshold/],
  ])('that contradict themselves are rejected: %#', (bad, reason) => {
    expect(normalise(exponential(bad))).toMatchObject({ rejected: 1, message: expect.stringMatching(reason) })
  })
})

describe('summaries', () => {
  const quantileValues = [
    { quantile: 0.5, value: 1.5 },
    { quantile: 0.99, value: 'NaN' },
    { quantile: 1, value: 7 },
    { value: -3 },
    { quantile: 1e-7, value: 2 },
  ]
  const point = { count: '4', sum: 11, quantileValues, attributes: [{ key: 'a', value: { stringValue: 'b' } }] }

  test('are the series that Prometheus has for them; quantiles without a value are left out', () => {
    const { block, accepted } = normalise(summary(point))
    expect(accepted).toBe(1)
    const rows = Array.from(block.samples.series, (id, i) => {
      const { metric, kind, labels } = block.series.find((series) => series.id === String(id))!
      return [metric, kind, labels, block.samples.start[i], block.samples.value[i]]
    })
    expect(rows).toEqual([
      ['m', 'gauge', { a: 'b', quantile: '0.5' }, 0, 1.5],
      ['m', 'gauge', { a: 'b', quantile: '1' }, 0, 7],
      ['m', 'gauge', { a: 'b', quantile: '0' }, 0, -3],
      ['m', 'gauge', { a: 'b', quantile: '0.0000001' }, 0, 2],
      ['m_sum', 'sum', { a: 'b' }, NOW - 60_000, 11],
      ['m_count', 'sum', { a: 'b' }, NOW - 60_000, 4],
    ])
    expect(block.series.find(({ metric }) => metric === 'm_sum')).toMatchObject({ monotonic: true, unit: 's' })
  })

  test('with a quantile that is none are rejected as a whole', () => {
    const { block, rejected } = normalise(summary({ ...point, quantileValues: [{ quantile: 2, value: 1 }] }))
    expect([rejected, block.samples.value.length]).toEqual([1, 0])
  })
})

describe('points without a recorded value end their series', () => {
  const flags = 1

  test('of histograms by a row that counts nothing and has the stale marker as its sum', () => {
    const explicit = normalise(histogram({ flags, explicitBounds: [1] }))
    expect(explicit.block.histograms).toMatchObject([{ isStale: true, count: 0, bounds: [], bucketCounts: [0] }])
    const other = normalise(exponential({ flags, scale: 5 }))
    expect(other.block.exponentialHistograms).toMatchObject([{ isStale: true, count: 0, positiveCounts: [] }])
    expect([explicit.accepted, other.accepted]).toEqual([1, 1])
  })

  test('of summaries by a stale marker for each of their series', () => {
    const { block } = normalise(summary({ flags, quantileValues: [{ quantile: 0.5 }] }))
    expect(block.samples.value.length).toBe(3)
    expect([0, 1, 2].every((i) => isStaleAt(block.samples.value, i))).toBe(true)
  })
})

describe('exemplars', () => {
  const exemplar = {
    timeUnixNano: `${NOW - 5}000000`,
    asDouble: 0.7,
    traceId: '0AF7651916CD43DD8448EB211C80319C',
    spanId: 'b7ad6b7169203331',
    filteredAttributes: [
      { key: 'user', value: { intValue: 5 } },
      { key: 'a', value: { boolValue: true } },
    ],
  }
  const row = {
    at: BigInt(NOW - 5),
    value: 0.7,
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    span_id: 'b7ad6b7169203331',
    labels: [
      ['a', 'true'],
      ['user', '5'],
    ],
  }

  test.each([
    ['a sum', { sum: { aggregationTemporality: 2, dataPoints: [{ ...time, asInt: 1, exemplars: [exemplar] }] } }],
    ['a histogram', histogram({ count: 1, exemplars: [exemplar] })],
    ['an exponential histogram', exponential({ count: 1, zeroCount: 1, exemplars: [exemplar] })],
  ])('of %s are kept with trace and labels', (_, metric) => {
    const { block, ...outcome } = normalise(metric)
    expect(outcome).toMatchObject({ accepted: 1, rejected: 0, message: '' })
    expect(rowsOf(block.tables.get('exemplars'))).toEqual([
      { series: BigInt.asIntN(64, BigInt(block.series[0]!.id)), ...row },
    ])
  })

  test('without a time have their point’s; without a trace they have zeros', () => {
    const { block } = normalise(histogram({ count: 1, exemplars: [{ asInt: '3', traceId: '', spanId: '00' }] }))
    expect(rowsOf(block.tables.get('exemplars'))).toMatchObject([
      { at: BigInt(NOW), value: 3, trace_id: '0'.repeat(32), span_id: '0'.repeat(16), labels: [] },
    ])
  })

  test('that are faulty are left out and named; the point is kept', () => {
    const old = { ...exemplar, timeUnixNano: '5000000' }
    const { block, ...outcome } = normalise(histogram({ count: 1, exemplars: [{}, old, exemplar] }))
    expect(outcome).toMatchObject({ accepted: 1, rejected: 0 })
    expect(outcome.message).toBe(
      'metric "m": an exemplar has no value (1 exemplar); metric "m": an exemplar is older than 400 days (1 exemplar)',
    )
    expect(block.tables.get('exemplars')?.rows).toBe(1)
  })

  test('of a point that is rejected go with it', () => {
    expect(normalise(histogram({ count: 1, bucketCounts: [2], exemplars: [exemplar] })).block.tables.size).toBe(0)
  })
})
