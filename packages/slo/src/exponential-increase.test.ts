import type { SeriesDefinition } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { thresholdNotes } from './applied-bounds.ts'
import { counterIncrease } from './counter-increase.ts'
import { boundOf, highestBound } from './exponential-increase.ts'
import { pointFromExponential, pointFromHistogram, type ExponentialMeasurement } from './slices-from-histograms.ts'
import { slicesFromPoints } from './slices-from-points.ts'
import { SliceAccumulator } from './slice-accumulator.ts'
import { compileSli, type SeriesReduction } from './sli-reduction.ts'

const BASE = Date.UTC(2026, 2, 29)

function reductionOf(threshold: number, change: Partial<SeriesDefinition> = {}): SeriesReduction {
  const reduce = compileSli({ kind: 'latency', histogram: { metric: 'duration', matchers: [] }, threshold })
  const reduction = reduce({
    id: '1',
    metric: 'duration',
    kind: 'exponential_histogram',
    temporality: 'cumulative',
    monotonic: true,
    unit: 's',
    description: '',
    labels: {},
    ...change,
  })
  if (!reduction) throw new Error('the series belongs to the SLI')
  return reduction
}

/** The bucket of the scale that holds the value, found by looking at bounds from a wide range, one by one. */
function bucketOf(value: number, scale: number): number {
  let bucket = Math.floor(Math.log2(value) * 2 ** scale) - 2
  while (2 ** ((bucket + 1) * 2 ** -scale) < value) bucket++
  return bucket
}

/** A histogram as a sender would report these observations. */
function measurement(at: number, start: number, scale: number, values: number[]): ExponentialMeasurement {
  const buckets = values.filter((value) => value > 0).map((value) => bucketOf(value, scale))
  const positiveOffset = buckets.length === 0 ? 0 : Math.min(...buckets)
  const positiveCounts = Array.from({ length: Math.max(0, ...buckets.map((b) => b - positiveOffset + 1)) }, () => 0)
  for (const bucket of buckets) positiveCounts[bucket - positiveOffset]!++
  const zeroCount = values.filter((value) => value === 0).length
  const negativeCounts = [values.filter((value) => value < 0).length]
  return { at, start, scale, zeroThreshold: 0, zeroCount, positiveOffset, positiveCounts, negativeCounts }
}

const value = fc.oneof(
  fc.double({ min: 0.001, max: 50, noNaN: true }),
  fc.constantFrom(0, 0.25, 0.5, 1, 2, 4, -1),
  fc.double({ min: -2, max: -0.01, noNaN: true }),
)

/** Observations of one sender between its reports; its resolution only falls until it restarts. */
const reports = fc
  .array(
    fc.record({
      afterSeconds: fc.integer({ min: 1, max: 90 }),
      values: fc.array(value, { maxLength: 12 }),
      coarser: fc.constantFrom(0, 0, 0, 1, 2),
      restarts: fc.boolean().map((flag) => flag),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((steps) => {
    let [at, start, scale, total] = [BASE + 1000, BASE, 5, [] as number[]]
    return steps.map((step, i) => {
      const from = at
      at += step.afterSeconds * 1000
      const isRestart = step.restarts && i % 4 === 3
      if (isRestart) [start, scale, total] = [from, 5, []]
      scale = Math.max(-2, scale - step.coarser)
      total = [...total, ...step.values]
      return { at, start, scale, values: step.values, total, cumulative: measurement(at, start, scale, total) }
    })
  })

/** What happened by minute: observations whose bucket, at the resolution of their report, ends at or below the threshold. */
function oracle(steps: { at: number; scale: number; values: number[] }[], threshold: number): [number, number[]][] {
  const minutes = new Map<number, number[]>()
  for (const { at, scale, values } of steps) {
    const minute = at - (at % 60_000)
    const [good, total] = minutes.get(minute) ?? [0, 0]
    const fast = values.filter((v) => v <= 0 || 2 ** ((bucketOf(v, scale) + 1) * 2 ** -scale) <= threshold).length
    minutes.set(minute, [good! + fast, total! + values.length])
  }
  return [...minutes]
}

const counted = (accumulator: SliceAccumulator) => {
  accumulator.refresh()
  return [...accumulator.minutes.minutes()].map(([minute, { good, total }]) => [minute, [good, total]])
}

test.each(['cumulative', 'delta'] as const)(
  '%s exponential histograms in any order, repeated, at changing resolution, count what an oracle of raw values counts',
  (temporality) => {
    const threshold = fc.oneof(fc.double({ min: 0.01, max: 20, noNaN: true }), fc.constantFrom(0.25, 1, 2))
    const scenario = reports.chain((steps) =>
      fc.record({
        steps: fc.constant(steps),
        arrival: fc.shuffledSubarray([...steps, ...steps.slice(0, 4)], {
          minLength: steps.length + Math.min(4, steps.length),
        }),
      }),
    )
    fc.assert(
      fc.property(scenario, threshold, ({ steps, arrival }, limit) => {
        const reduction = reductionOf(limit, { temporality })
        const pointOf = (step: (typeof steps)[number]) =>
          pointFromExponential(
            temporality === 'cumulative' ? step.cumulative : measurement(step.at, 0, step.scale, step.values),
          )!
        const accumulator = new SliceAccumulator(BASE)
        for (const step of arrival) accumulator.add('s', reduction, pointOf(step))
        const expected = oracle(steps, limit)
        expect(counted(accumulator)).toEqual(expected)
        const batch = slicesFromPoints([{ reduction, points: steps.map(pointOf) }], BASE, BASE + 10 * 3_600_000)
        expect([...batch.minutes()].map(([m, { good, total }]) => [m, [good, total]])).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  },
)

test('the highest bound at or below a threshold is found at every scale, exactly where it is a power of two', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), fc.integer({ min: -4, max: 12 }), (limit, scale) => {
      const index = highestBound(limit, scale)
      expect(boundOf(index, scale)).toBeLessThanOrEqual(limit)
      expect(boundOf(index + 1, scale)).toBeGreaterThan(limit)
    }),
  )
  for (const scale of [0, 3, 8, 20]) expect(boundOf(highestBound(0.25, scale), scale)).toBe(0.25)
})

test('a bucket that holds the threshold is not good, nor is a zero that reaches beyond it', () => {
  const weigh = (threshold: number, row: Partial<ExponentialMeasurement>) => {
    const point = pointFromExponential({ ...measurement(BASE, 0, 0, []), ...row })!
    return reductionOf(threshold).weigh(point.counts, point.bounds, point.exponential)
  }
  // Buckets (1, 2], (2, 4], (4, 8].
  const row = { zeroCount: 10, positiveOffset: 0, positiveCounts: [1, 2, 4], negativeCounts: [100] }
  expect(weigh(4, row)).toEqual({ good: 113, total: 117 })
  expect(weigh(3.99, row)).toEqual({ good: 111, total: 117 })
  expect(weigh(0.5, row)).toEqual({ good: 110, total: 117 })
  expect(weigh(0.5, { ...row, zeroThreshold: 1 })).toEqual({ good: 100, total: 117 })
  expect(weigh(1e12, row)).toEqual({ good: 117, total: 117 })
})

test('a wider zero takes its buckets in; a finer resolution, a narrower zero or a lost bucket is a new beginning', () => {
  const at = (second: number, row: Partial<ExponentialMeasurement>) =>
    pointFromExponential({ ...measurement(BASE + second * 1000, 0, 0, []), ...row })!
  const first = at(0, { zeroCount: 1, positiveOffset: -2, positiveCounts: [2, 3, 4] })
  const increase = (row: Partial<ExponentialMeasurement>) => counterIncrease(first, at(10, row), 'cumulative')
  const wider = { zeroThreshold: 0.5, zeroCount: 4, positiveOffset: -1, positiveCounts: [3, 9] }
  expect(increase(wider)).toEqual([0, 1, 0, 5])
  expect(increase({ zeroCount: 1, positiveOffset: -2, positiveCounts: [2, 3, 4], scale: 1 })).toEqual([0, 1, 2, 3, 4])
  expect(increase({ zeroCount: 9, positiveOffset: -1, positiveCounts: [3, 4] })).toEqual([0, 9, 3, 4])
  expect(increase({ zeroCount: 1, positiveOffset: -2, positiveCounts: [2, 2, 9] })).toEqual([0, 1, 2, 2, 9])
  const narrower = counterIncrease(at(0, wider), at(10, { zeroCount: 9 }), 'cumulative')
  expect(narrower).toEqual([0, 9])
})

test('explicit and exponential series add up in one SLI, each by its own buckets', () => {
  const exponential = pointFromExponential({
    ...measurement(BASE, BASE - 1000, 0, []),
    positiveOffset: -3,
    positiveCounts: [5, 7],
  })!
  const explicit = pointFromHistogram({ at: BASE, start: BASE - 1000, bounds: [0.2, 0.3], bucketCounts: [1, 2, 4] })!
  const minutes = slicesFromPoints(
    [
      { reduction: reductionOf(0.3), points: [exponential] },
      { reduction: reductionOf(0.3, { kind: 'histogram' }), points: [explicit] },
    ],
    BASE,
    BASE + 60_000,
  )
  expect(minutes.get(BASE)).toEqual({ good: 5 + 3, total: 12 + 7 })
})

test('notes say which bounds stand in for a threshold, and nothing where it is a bound', () => {
  const exponential = { bounds: null, exponential: { scale: 3, zeroThreshold: 0, offset: 0 } }
  const explicit = { bounds: [0.1, 0.25, 0.5] }
  expect(thresholdNotes([exponential, exponential, explicit], 0.3)).toEqual([
    'The threshold 0.3 lies inside a bucket: values up to 0.2973 count as good, those up to 0.3242 do not (2 series).',
    'The threshold 0.3 lies inside a bucket: values up to 0.25 count as good, those up to 0.5 do not (1 series).',
  ])
  expect(thresholdNotes([exponential, explicit], 0.25)).toEqual([])
  expect(thresholdNotes([explicit], 0.05)).toEqual([
    'No bucket ends at or below 0.05: nothing counts as good (1 series).',
  ])
  expect(thresholdNotes([explicit], 0.9)).toEqual([
    'The threshold 0.9 lies inside a bucket: values up to 0.5 count as good, those above it do not (1 series).',
  ])
})
