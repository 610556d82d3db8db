import { describe, expect, test } from 'vitest'
import { BlockBuilder } from '../block/block-builder.ts'
import { decodeBlock } from '../block/decode-block.ts'
import { encodeBlock } from '../block/encode-block.ts'
import { isStaleAt, STALE_MARKER } from '../metrics/stale-marker.ts'
import { SeriesCache } from '../series/series-cache.ts'
import { metricsFromJson } from './metrics-from-json.ts'
import { MetricsNormaliser } from './metrics-normaliser.ts'

const NOW = Date.UTC(2026, 10, 22, 12)
const nanos = (ms: number) => `${ms}000000`
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })

function normalise(body: unknown, cache = new SeriesCache()) {
  const builder = new BlockBuilder(7, NOW)
  const normaliser = new MetricsNormaliser(builder, cache, NOW)
  metricsFromJson(Buffer.from(JSON.stringify(body)), normaliser)
  return { block: builder.finish(), ...normaliser.outcome() }
}
/** One metric of one resource. */
const request = (metric: object, resource: object[] = [], scope = '') => ({
  resourceMetrics: [
    { resource: { attributes: resource }, scopeMetrics: [{ scope: { name: scope }, metrics: [metric] }] },
  ],
})
const gauge = (point: object, name = 'm') => ({ name, gauge: { dataPoints: [{ timeUnixNano: nanos(NOW), ...point }] } })
const sum = (point: object) => ({
  name: 'm',
  sum: {
    aggregationTemporality: 2,
    isMonotonic: true,
    dataPoints: [{ timeUnixNano: nanos(NOW), startTimeUnixNano: nanos(NOW - 5_000), asInt: 1, ...point }],
  },
})
const histogram = (point: object) => ({
  name: 'm',
  histogram: { aggregationTemporality: 1, dataPoints: [{ timeUnixNano: nanos(NOW), ...point }] },
})
const labelsOf = (metric: object, resource: object[] = [], scope = '') =>
  normalise(request(metric, resource, scope)).block.series[0]?.labels

describe('labels', () => {
  test('are the attributes of point and resource and the name of the scope', () => {
    const point = { asInt: 1, attributes: [text('route', '/pay')] }
    expect(labelsOf(gauge(point), [text('service.name', 'shop')], 'lib')).toEqual({
      route: '/pay',
      'service.name': 'shop',
      'otel.scope.name': 'lib',
    })
  })

  test('keep a resource attribute that the point overrides as resource.<key>', () => {
    const resource = [text('host', 'a'), text('otel.scope.name', 'r'), text('zone', 'z')]
    const attributes = [text('host', 'b'), text('zone', 'y'), text('resource.zone', 'own')]
    expect(labelsOf(gauge({ asInt: 1, attributes }), resource, 'lib')).toEqual({
      host: 'b',
      'resource.host': 'a',
      'otel.scope.name': 'lib',
      'resource.otel.scope.name': 'r',
      zone: 'y',
      'resource.zone': 'own',
    })
  })

  test.each([
    [{ stringValue: 'x' }, 'x'],
    [{ stringValue: '' }, ''],
    [{ boolValue: false }, 'false'],
    [{ intValue: '9223372036854775807' }, '9223372036854775807'],
    [{ intValue: -3 }, '-3'],
    [{ doubleValue: 0.1 }, '0.1'],
    [{ doubleValue: 'NaN' }, 'NaN'],
    [{ bytesValue: 'AQI=' }, 'AQI='],
    [
      { arrayValue: { values: [{ stringValue: 'a"b' }, { intValue: '9223372036854775807' }, {}] } },
      '["a\\"b",9223372036854775807,null]',
    ],
    [{ kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } }, '{"k":true}'],
    [{}, ''],
    [null, ''],
  ])('write %j as %j', (value, expected) => {
    expect(labelsOf(gauge({ asInt: 1, attributes: [{ key: 'k', value }] }))).toEqual({ k: expected })
  })

  test.each([
    ['too many', Array.from({ length: 129 }, (_, i) => text(`k${i}`, 'v')), /129 labels, at most 128/],
    ['a long key', [text('ä'.repeat(129), 'v')], /label key "ä+"\.\.\. is longer than 256 bytes/],
    ['a long value', [text('k', 'ä'.repeat(2_049))], /value of label "k" is longer than 4096 bytes/],
    ['an empty key', [text('', 'v')], /empty key/],
  ])('are refused when there are %s, naming the metric', (_, attributes, message) => {
    const { rejected, accepted, message: said } = normalise(request(gauge({ asInt: 1, attributes })))
    expect([accepted, rejected]).toEqual([0, 1])
    expect(said).toMatch(/^metric "m": /)
    expect(said).toMatch(message)
  })

  test('may be as many and as long as the limits say', () => {
    const attributes = [
      text('k'.repeat(256), 'v'.repeat(4_096)),
      ...Array.from({ length: 127 }, (_, i) => text(`${i}`, '')),
    ]
    expect(normalise(request(gauge({ asInt: 1, attributes }))).accepted).toBe(1)
  })
})

describe('number points', () => {
  test('carry time, start and value in milliseconds; a gauge has no start', () => {
    const { samples } = normalise(request(sum({ asInt: '9007199254740993' }))).block
    expect([samples.at[0], samples.start[0], samples.value[0]]).toEqual([NOW, NOW - 5_000, 9_007_199_254_740_992])
    const started = { asDouble: 1.5, startTimeUnixNano: nanos(NOW - 1) }
    expect([...normalise(request(gauge(started))).block.samples.start]).toEqual([0])
  })

  test('whose start lies behind them have an unknown start', () => {
    expect([...normalise(request(sum({ startTimeUnixNano: nanos(NOW + 1) }))).block.samples.start]).toEqual([0])
  })

  test.each([
    ['nanoseconds as text', '1795348799999999999', 1_795_348_799_999],
    ['nanoseconds as a JSON number that was rounded down', 1_795_348_800_123_000_000, 1_795_348_800_123],
  ])('take %s', (_, timeUnixNano, at) => {
    const builder = new BlockBuilder(7, at)
    metricsFromJson(
      Buffer.from(JSON.stringify(request(gauge({ asInt: 1, timeUnixNano })))),
      new MetricsNormaliser(builder, new SeriesCache(), at),
    )
    expect([...builder.finish().samples.at]).toEqual([at])
  })

  test.each([
    [{ asDouble: 'NaN' }, 'a value is NaN'],
    [{ asDouble: 'Infinity' }, 'a value is infinite'],
    [{}, 'a point has no value'],
    [{ asInt: 1, timeUnixNano: 0 }, 'a point has no time'],
    [{ asInt: 1, timeUnixNano: nanos(NOW - 400 * 86_400_000 - 1) }, 'a point is older than 400 days'],
    [{ asInt: 1, timeUnixNano: nanos(NOW + 600_001) }, 'a point is more than 10 minutes in the future'],
  ])('%j are rejected: %s', (point, reason) => {
    const { block, ...outcome } = normalise(request(gauge(point)))
    const refusals = [{ reason: /time|days|minutes/.test(reason) ? 'clock_window' : 'invalid', metric: 'm', rows: 1 }]
    expect(outcome).toEqual({ accepted: 0, rejected: 1, message: `metric "m": ${reason} (1 point)`, refusals })
    expect([block.series, block.samples.value.length]).toEqual([[], 0])
  })

  test.each([NOW - 400 * 86_400_000, NOW + 600_000])('at the edge of the clock window are accepted: %i', (at) => {
    expect(normalise(request(gauge({ asInt: 1, timeUnixNano: nanos(at) }))).accepted).toBe(1)
  })

  test('without a recorded value say that the series has ended: a stale marker, exact to the bit', () => {
    const { block, ...outcome } = normalise(request(sum({ flags: 1, asInt: undefined })))
    expect(outcome).toEqual({ accepted: 1, rejected: 0, message: '', refusals: [] })
    expect([...block.samples.at, ...block.samples.start]).toEqual([NOW, NOW - 5_000])
    expect(isStaleAt(block.samples.value, 0)).toBe(true)
    const stored = decodeBlock(encodeBlock(block))
    expect(new BigUint64Array(stored.samples.value.buffer)).toEqual(BigUint64Array.of(STALE_MARKER))
  })
})

describe('metrics', () => {
  test.each([
    [{ ...gauge({ asInt: 1 }), name: '' }, /a metric needs a name/],
    [{ ...gauge({ asInt: 1 }), name: 'n'.repeat(257) }, /^metric "n{100}\.\.\.": its name is longer than 256 bytes/],
    [{ name: 'm', sum: { dataPoints: [{ asInt: 1, timeUnixNano: nanos(NOW) }] } }, /temporality is neither delta/],
    [{ name: 'm', sum: { aggregationTemporality: 9, dataPoints: [{ asInt: 1 }] } }, /temporality is neither delta/],
    [{ name: 'm', exponentialHistogram: { dataPoints: [{}] } }, /temporality is neither delta/],
  ])('that cannot be stored are rejected point by point: %#', (metric, message) => {
    const { accepted, rejected, message: said } = normalise(request(metric))
    expect([accepted, rejected]).toEqual([0, 1])
    expect(said).toMatch(message)
  })

  test('differ by temporality and monotonicity, not by unit, description or the order of labels', () => {
    const ids = (body: unknown, cache?: SeriesCache) => normalise(body, cache).block.samples.series[0]
    const plain = sum({ attributes: [text('a', '1'), text('b', '2')] })
    const id = ids(request(plain))
    expect(ids(request({ ...plain, unit: 's', description: 'd' }))).toBe(id)
    expect(ids(request(sum({ attributes: [text('b', '2'), text('a', '1')] })))).toBe(id)
    expect(ids(request({ ...plain, sum: { ...plain.sum, isMonotonic: false } }))).not.toBe(id)
    expect(ids(request({ ...plain, sum: { ...plain.sum, aggregationTemporality: 1 } }))).not.toBe(id)
    expect(ids(request(sum({ attributes: [text('a', '1'), text('b', '3')] })))).not.toBe(id)
  })

  test('of many reasons are reported briefly', () => {
    const metrics = Array.from({ length: 14 }, (_, i) => gauge({ asDouble: 'NaN' }, `m${i}`))
    const { rejected, message } = normalise({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })
    expect(rejected).toBe(14)
    expect(message).toMatch(/^metric "m0": a value is NaN \(1 point\); .* and 4 more reasons$/)
  })
})

describe('histograms', () => {
  test('keep bounds and counts; what is missing is NaN', () => {
    const point = { count: '6', sum: 1.5, bucketCounts: ['1', 2, '3'], explicitBounds: [0.1, 1] }
    const [row] = normalise(request(histogram(point))).block.histograms
    expect(row).toEqual({
      series: expect.any(BigInt),
      at: NOW,
      start: 0,
      count: 6,
      sum: 1.5,
      min: NaN,
      max: NaN,
      bounds: [0.1, 1],
      bucketCounts: [1, 2, 3],
    })
  })

  test('without buckets have one that holds everything', () => {
    expect(normalise(request(histogram({ count: 4, sum: 'Infinity' }))).block.histograms[0]).toMatchObject({
      count: 4,
      sum: NaN,
      bounds: [],
      bucketCounts: [4],
    })
  })

  test.each([
    [{ count: 3, bucketCounts: [1, 2], explicitBounds: [] }, /2 bucket counts for 0 bounds/],
    [{ count: 3, bucketCounts: [], explicitBounds: [1] }, /0 bucket counts for 1 bounds/],
    [{ count: 3, bucketCounts: [1, 1], explicitBounds: [1] }, /not the sum of its bucket counts/],
    [{ count: 3, bucketCounts: [1, 1, 1], explicitBounds: [1, 1] }, /not finite and ascending/],
    [{ count: 2, bucketCounts: [1, 1], explicitBounds: ['Infinity'] }, /not finite and ascending/],
    [{ count: 0, bucketCounts: Array(1_001).fill(0), explicitBounds: [] }, /more than 1000 buckets/],
  ])('that contradict themselves are rejected: %#', (point, message) => {
    const outcome = normalise(request(histogram(point)))
    expect([outcome.accepted, outcome.rejected]).toEqual([0, 1])
    expect(outcome.message).toMatch(message)
  })
})

describe('JSON that is refused as a whole', () => {
  test.each([
    [{ resourceMetrics: {} }, 'resourceMetrics must be an array, not an object'],
    [{ resourceMetrics: [1] }, 'resourceMetrics[0] must be an object, not 1'],
    [request({ name: 5 }), 'resourceMetrics[0].scopeMetrics[0].metrics[0].name must be a string, not 5'],
    [request(gauge({ asInt: 1.5 })), 'asInt must be an integer, as a number or a string, not 1.5'],
    [request(gauge({ asInt: '9223372036854775808' })), 'asInt does not fit into int64'],
    [request(gauge({ asInt: 1, asDouble: 1 })), 'dataPoints[0] has both asDouble and asInt'],
    [request(gauge({ asDouble: '1,5' })), 'asDouble must be a number, not the string "1,5"'],
    [request(gauge({ asDouble: '' })), 'asDouble must be a number, not the string ""'],
    [request(gauge({ asInt: 1, flags: -1 })), 'flags does not fit into uint32'],
    [request(gauge({ asInt: 1, timeUnixNano: '-1' })), 'timeUnixNano does not fit into uint64'],
    [request({ ...gauge({ asInt: 1 }), ...sum({}) }), 'has both gauge and sum; a metric has one kind of data'],
    [
      request({ name: 'm', sum: { aggregationTemporality: 1.5 } }),
      'aggregationTemporality must be an integer enum value',
    ],
    [request(histogram({ count: 1, bucketCounts: [-1] })), 'bucketCounts[0] does not fit into uint64'],
  ])('%#', (body, message) => {
    expect(() => normalise(body)).toThrow(expect.objectContaining({ code: 'bad_request' }))
    expect(() => normalise(body)).toThrow(message)
  })

  test('attributes nested without end', () => {
    let value: object = { stringValue: 'deep' }
    for (let i = 0; i < 40; i++) value = { arrayValue: { values: [value] } }
    expect(() => normalise(request(gauge({ asInt: 1, attributes: [{ key: 'k', value }] })))).toThrow(
      /nested deeper than 32/,
    )
  })
})
