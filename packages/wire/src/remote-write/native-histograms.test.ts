import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ExponentialHistogramRow } from '../block/block.ts'
import { STALE_MARKER } from '../metrics/stale-marker.ts'
import { NO_SIDE, type TestNative } from './remote-write-test-messages.ts'
import { NOW, VERSIONS } from './remote-write-test-read.ts'
import type { NativeSide } from './native-histogram.ts'

/** base^index with base = 2^(2^-schema), exact for powers of two. */
const bound = (index: number, schema: number) => 2 ** (index / 2 ** schema)
/** Prometheus' definition: bucket i of a schema holds values in (base^(i-1), base^i]. Found by trying one after another. */
function prometheusIndex(value: number, schema: number): number {
  let index = 0
  while (value > bound(index, schema)) index++
  while (value <= bound(index - 1, schema)) index--
  return index
}

/** Writes counts by index as spans and differences, cut into spans at will, with empty buckets where `cuts` says so. */
function sideOf(buckets: ReadonlyMap<number, number>, cuts: readonly number[], isFloat: boolean): NativeSide {
  const side: NativeSide = { spans: [], deltas: [], counts: [] }
  let [behind, before, cut] = [0, 0, 0]
  const put = (count: number) => {
    if (isFloat) side.counts.push(count)
    else side.deltas.push(count - before)
    before = count
    behind++
    side.spans[side.spans.length - 1]!++
  }
  for (const [index, count] of [...buckets].sort(([a], [b]) => a - b)) {
    const choice = cuts[cut++ % cuts.length]!
    const gap = index - behind
    if (side.spans.length > 0 && choice === 0 && gap < 5) for (let i = 0; i < gap; i++) put(0)
    else {
      side.spans.push(gap, 0)
      behind = index
      if (choice === 1) side.spans.push(0, 0)
    }
    put(count)
  }
  return side
}

const value = fc.oneof(
  fc.double({ min: 0.02, max: 500, noNaN: true }),
  fc.double({ min: -500, max: -0.02, noNaN: true }),
  fc.constantFrom(1, 2, 4, 0.5, 0.25, -1, -8, 0, 0.001, -0.001),
)
const observed = fc.record({
  schema: fc.integer({ min: -4, max: 8 }),
  values: fc.array(value, { maxLength: 30 }),
  cuts: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 4 }),
  isFloat: fc.boolean(),
})
const ZERO_THRESHOLD = 0.01

function histogramOf({
  schema,
  values,
  cuts,
  isFloat,
}: typeof observed extends fc.Arbitrary<infer T> ? T : never): TestNative {
  const sides = { positive: new Map<number, number>(), negative: new Map<number, number>() }
  let zeroCount = 0
  for (const v of values) {
    if (Math.abs(v) <= ZERO_THRESHOLD) zeroCount++
    else {
      const side = v > 0 ? sides.positive : sides.negative
      const index = prometheusIndex(Math.abs(v), schema)
      side.set(index, (side.get(index) ?? 0) + 1)
    }
  }
  return {
    at: NOW,
    isFloat,
    count: values.length,
    sum: values.reduce((a, b) => a + b, 0),
    schema,
    zeroThreshold: ZERO_THRESHOLD,
    zeroCount,
    positive: sideOf(sides.positive, cuts, isFloat),
    negative: sideOf(sides.negative, cuts, isFloat),
  }
}

/** How many of the values lie in the row's bucket, by the bounds that the row's words give it. */
function countIn(row: ExponentialHistogramRow, values: readonly number[], place: number, sign: 1 | -1): number {
  const index = (sign > 0 ? row.positiveOffset : row.negativeOffset) + place
  const [lower, upper] = [bound(index, row.scale), bound(index + 1, row.scale)]
  return values.filter((v) => sign * v > ZERO_THRESHOLD && sign * v > lower && sign * v <= upper).length
}

describe.each(VERSIONS)('native histograms in remote write $version', ({ read }) => {
  const one = (histogram: TestNative) => read([{ labels: [['__name__', 'h']], histograms: [histogram] }])
  const valid: TestNative = {
    at: NOW,
    count: 6,
    sum: 9.5,
    schema: 0,
    zeroThreshold: 0.001,
    zeroCount: 1,
    positive: { spans: [0, 2, 1, 1], deltas: [1, 1, -1], counts: [] },
    negative: { spans: [-2, 1], deltas: [1], counts: [] },
  }

  test('count in each bucket exactly the values between its bounds', () => {
    fc.assert(
      fc.property(observed, (telemetry) => {
        const { block, rejected, message } = one(histogramOf(telemetry))
        expect([rejected, message]).toEqual([0, ''])
        const [row] = block.exponentialHistograms
        const { values } = telemetry
        expect(row!.positiveCounts).toEqual(row!.positiveCounts.map((_, i) => countIn(row!, values, i, 1)))
        expect(row!.negativeCounts).toEqual(row!.negativeCounts.map((_, i) => countIn(row!, values, i, -1)))
        const counts = [...row!.positiveCounts, ...row!.negativeCounts, row!.zeroCount]
        expect(counts.reduce((a, b) => a + b, 0)).toBe(values.length)
        expect(row!.count).toBe(values.length)
      }),
      { numRuns: 300 },
    )
  })

  test('keep everything they say, in OTLP terms', () => {
    const { block, written } = one(valid)
    expect(written.histograms).toBe(1)
    expect(block.series).toMatchObject([{ kind: 'exponential_histogram', temporality: 'cumulative', monotonic: false }])
    expect(block.exponentialHistograms).toEqual([
      {
        series: BigInt(block.series[0]!.id),
        at: NOW,
        start: 0,
        count: 6,
        sum: 9.5,
        min: NaN,
        max: NaN,
        scale: 0,
        zeroThreshold: 0.001,
        zeroCount: 1,
        positiveOffset: -1,
        positiveCounts: [1, 2, 0, 1],
        negativeOffset: -3,
        negativeCounts: [1],
      },
    ])
  })

  test('that are gauges are other series, of no temporality', () => {
    expect(one({ ...valid, resetHint: 3 }).block.series).toMatchObject([{ temporality: 'unspecified' }])
  })

  test('with a stale sum end their series', () => {
    const stale = one({ at: NOW, count: 0, sum: STALE_MARKER, schema: 0 }).block
    expect(stale.exponentialHistograms).toMatchObject([{ isStale: true, count: 0, positiveCounts: [] }])
    expect(stale.series[0]!.id).toBe(one(valid).block.series[0]!.id)
    const custom = one({ at: NOW, count: 0, sum: STALE_MARKER, schema: -53 }).block
    expect(custom.histograms).toMatchObject([{ isStale: true, count: 0, bucketCounts: [0] }])
  })

  test('may have measured NaN: no bucket counts it', () => {
    expect(one({ ...valid, count: 7, sum: NaN })).toMatchObject({ accepted: 1, rejected: 0 })
  })

  test('with custom bounds are explicit histograms', () => {
    const positive: NativeSide = { spans: [1, 1, 1, 1], deltas: [4, -1], counts: [] }
    const { block } = one({ at: NOW, count: 7, sum: 2, schema: -53, customValues: [0.1, 1, 10], positive })
    expect(block.series).toMatchObject([{ kind: 'histogram', temporality: 'cumulative' }])
    expect(block.histograms).toMatchObject([{ count: 7, sum: 2, bounds: [0.1, 1, 10], bucketCounts: [0, 4, 0, 3] }])
    const whole = { ...positive, deltas: [], counts: [4, 3] }
    const float = { at: NOW, isFloat: true, count: 7, sum: 2, schema: -53, customValues: [0.1, 1, 10] }
    expect(one({ ...float, positive: whole }).block.histograms).toMatchObject([{ bucketCounts: [0, 4, 0, 3] }])
    expect(one({ ...float, positive: { ...whole, counts: [4.5, 2.5] } }).message).toMatch(/no whole numbers/)
  })

  test('keep fractions where they are float histograms', () => {
    const positive = { spans: [3, 2], deltas: [], counts: [0.25, 1.5] }
    const { block } = one({ at: NOW, isFloat: true, count: 1.75, sum: 1, schema: 3, positive })
    expect(block.exponentialHistograms).toMatchObject([{ count: 1.75, positiveOffset: 2, positiveCounts: [0.25, 1.5] }])
  })

  test('wider than 1,000 buckets are merged to a lower scale, no count is lost', () => {
    const positive = { spans: [-500, 1, 1_999, 1, 0, 1], deltas: [2, 1, -2], counts: [] }
    const [row] = one({ at: NOW, count: 6, sum: 1, schema: 8, positive }).block.exponentialHistograms
    expect(row!.scale).toBe(6)
    expect(row!.positiveCounts.length).toBeLessThanOrEqual(1_000)
    // Upper bounds 2^(-500/256), 2^(1500/256), 2^(1501/256) in buckets that are four times as wide.
    expect([row!.positiveOffset, row!.positiveOffset + row!.positiveCounts.length - 1]).toEqual([-126, 375])
    expect([row!.positiveCounts[0], row!.positiveCounts.at(-2), row!.positiveCounts.at(-1)]).toEqual([2, 3, 1])
  })

  test.each<[string, Partial<TestNative>, RegExp]>([
    ['an unknown schema', { schema: -10 }, /schema of a histogram is -10/],
    ['an unknown schema', { schema: 53 }, /schema of a histogram is 53/],
    ['a wrong count', { count: 7 }, /count of a histogram is not the sum/],
    ['too few counts', { positive: { spans: [0, 4], deltas: [1, 1, -1], counts: [] } }, /more buckets than there are/],
    [
      'too many counts',
      { positive: { spans: [0, 2], deltas: [1, 1, -1], counts: [] } },
      /fewer buckets than there are/,
    ],
    ['a negative count', { positive: { spans: [0, 2], deltas: [1, -2], counts: [] } }, /negative count/],
    ['a negative gap', { positive: { spans: [0, 1, -1, 1], deltas: [1, 0], counts: [] } }, /negative gap/],
    ['custom bounds', { customValues: [1] }, /exponential schema has custom bounds/],
    [
      'indexes beyond all values',
      { count: 8, positive: { spans: [-2e9, 1, 2e9, 1, 2e9, 1], deltas: [2, 0, 0], counts: [] } },
      /further apart/,
    ],
    ['a negative zero threshold', { zeroThreshold: -1 }, /zero threshold/],
    ['custom bounds and a zero bucket', { schema: -53, customValues: [1] }, /has a zero bucket/],
    ['custom bounds and negative buckets', { schema: -53, zeroCount: 0, zeroThreshold: 0 }, /has negative buckets/],
    [
      'custom bounds that do not ascend',
      { schema: -53, zeroCount: 0, zeroThreshold: 0, negative: NO_SIDE, customValues: [2, 1], count: 4 },
      /not finite and ascending/,
    ],
    [
      'counts without a bound',
      { schema: -53, zeroCount: 0, zeroThreshold: 0, negative: NO_SIDE, customValues: [2], count: 4 },
      /buckets that its bounds do not make/,
    ],
    ['no time', { at: 0 }, /has no time/],
  ])('with %s are refused and named, those beside them are written', (_, change, reason) => {
    const series = { labels: [['__name__', 'h']] as [string, string][], histograms: [{ ...valid, ...change }, valid] }
    const { written, rejected, message } = read([series])
    expect([written.histograms, rejected]).toEqual([1, 1])
    expect(message).toMatch(/^metric "h": .*\(1 histogram\)$/)
    expect(message).toMatch(reason)
  })
})
