import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addExponential,
  bucketsOf,
  exponentialIncrease,
  observationsOf,
  type ExponentialHistogram,
} from './exponential-histogram.ts'
import { exponentialQuantile } from './exponential-quantile.ts'
import { addExplicit, explicitIncrease, explicitQuantile, type ExplicitHistogram } from './explicit-quantile.ts'

describe('explicit histograms', () => {
  // Prometheus' promql/promqltest/testdata/histograms.test: testhistogram and testhistogram3.
  const positive: ExplicitHistogram = { bounds: [0.1, 0.2, 1], counts: [5, 2, 2, 3] }
  const negative: ExplicitHistogram = { bounds: [-0.2, -0.1, 0.3], counts: [1, 1, 1, 0] }
  test.each([
    [positive, 1.01, Infinity],
    [positive, -0.1, -Infinity],
    [positive, NaN, NaN],
    [positive, 1, 1],
    [positive, 0, 0],
    // The fifth of twelve is the end of the first bucket, the sixth lies half-way through the next.
    [positive, 5 / 12, 0.1],
    [positive, 6 / 12, 0.15],
    [negative, 0.2, -0.2],
    [negative, 0.5, -0.15],
    [negative, 1, 0.3],
    [{ bounds: [], counts: [4] }, 0.5, NaN],
    [{ bounds: [1], counts: [0, 0] }, 0.5, NaN],
  ])('%j at %d', (histogram, quantile, wanted) => {
    if (Number.isNaN(wanted)) expect(explicitQuantile(histogram, quantile)).toBeNaN()
    else if (Number.isFinite(wanted)) expect(explicitQuantile(histogram, quantile)).toBeCloseTo(wanted, 12)
    else expect(explicitQuantile(histogram, quantile)).toBe(wanted)
  })

  test('with other bounds are added at those that both have', () => {
    const sum = addExplicit({ bounds: [1, 2, 4], counts: [1, 2, 3, 4] }, { bounds: [2, 3, 4], counts: [5, 6, 7, 8] })
    expect(sum).toEqual({ bounds: [2, 4], counts: [8, 16, 12] })
  })

  test('increase by buckets; a count that fell or other bounds begin anew', () => {
    const now = { bounds: [1], counts: [3, 4] }
    expect(explicitIncrease({ bounds: [1], counts: [1, 4] }, now).counts).toEqual([2, 0])
    expect(explicitIncrease({ bounds: [1], counts: [1, 5] }, now)).toEqual(now)
    expect(explicitIncrease({ bounds: [2], counts: [1, 1] }, now)).toEqual(now)
  })
})

/** Observations counted into a histogram as OTLP defines its buckets, in plain arithmetic. */
function histogramOf(values: readonly number[], scale: number, zeroThreshold = 0): ExponentialHistogram {
  const positive = new Map<number, number>()
  const negative = new Map<number, number>()
  let zeroCount = 0
  for (const value of values) {
    if (Math.abs(value) <= zeroThreshold) zeroCount++
    else {
      const side = value > 0 ? positive : negative
      const bucket = Math.ceil(Math.log2(Math.abs(value)) * 2 ** scale) - 1
      side.set(bucket, (side.get(bucket) ?? 0) + 1)
    }
  }
  return { scale, zeroThreshold, zeroCount, positive, negative }
}

/** Values off the bounds of buckets, where rounding would decide. */
const value = fc
  .tuple(fc.integer({ min: -200, max: 200 }), fc.boolean())
  .map(([k, isNegative]) => (isNegative ? -1 : 1) * 2 ** (k / 10 + 0.03))
const values = fc.array(value, { minLength: 1, maxLength: 60 })

describe('exponential histograms', () => {
  test('of any scales, added, are the histogram of all values at the coarser scale', () => {
    fc.assert(
      fc.property(values, values, fc.integer({ min: -2, max: 3 }), fc.integer({ min: -2, max: 3 }), (a, b, s, t) => {
        const sum = addExponential(histogramOf(a, s), histogramOf(b, t))
        const wanted = histogramOf([...a, ...b], Math.min(s, t))
        expect(sum.scale).toBe(wanted.scale)
        expect(new Map([...sum.positive].toSorted(([x], [y]) => x - y))).toEqual(
          new Map([...wanted.positive].toSorted(([x], [y]) => x - y)),
        )
        expect(new Map([...sum.negative].toSorted(([x], [y]) => x - y))).toEqual(
          new Map([...wanted.negative].toSorted(([x], [y]) => x - y)),
        )
      }),
    )
  })

  test('with other thresholds lose no observation', () => {
    fc.assert(
      fc.property(values, values, fc.double({ min: 0, max: 4, noNaN: true }), (a, b, threshold) => {
        const sum = addExponential(histogramOf(a, 1), histogramOf(b, 2, threshold))
        expect(observationsOf(sum)).toBe(a.length + b.length)
        expect(sum.zeroThreshold).toBeGreaterThanOrEqual(threshold)
      }),
    )
  })

  test('increase by what came since, or wholly when it began anew', () => {
    fc.assert(
      fc.property(values, values, (before, since) => {
        const grown = exponentialIncrease(histogramOf(before, 1), histogramOf([...before, ...since], 1))
        expect(observationsOf(grown)).toBe(since.length)
        const anew = exponentialIncrease(histogramOf([...before, ...before, 5], 1), histogramOf([5], 1))
        expect(observationsOf(anew)).toBe(1)
      }),
    )
  })

  test('a quantile lies in the bucket of the value of its rank', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.001, max: 1, noNaN: true }), (all, quantile) => {
        const scale = 2
        const found = exponentialQuantile(histogramOf(all, scale), quantile)
        const sorted = all.toSorted((a, b) => a - b)
        const rank = Math.max(0, Math.ceil(quantile * all.length - 1e-9) - 1)
        const width = 2 ** (2 ** -scale)
        const near = [sorted[Math.max(0, rank - 1)]!, sorted[rank]!, sorted[Math.min(rank + 1, all.length - 1)]!]
        const isNear = near.some(
          (one) =>
            Math.sign(one) === Math.sign(found) &&
            Math.abs(found / one) <= width * 1.0001 &&
            Math.abs(one / found) <= width * 1.0001,
        )
        expect(isNear, `${found} of ${near}`).toBe(true)
      }),
    )
  })

  // Prometheus' promql/promqltest/testdata/native_histograms.test, with OTLP's bucket i being Prometheus' i + 1.
  test.each([
    ['a single one in (0.5, 1]', { positive: bucketsOf(-1, [1]) }, 0.5, 0.7071067811865475],
    [
      'buckets with a zero bucket',
      { zeroCount: 2, zeroThreshold: 0.001, positive: bucketsOf(-1, [2, 3, 0, 2, 3, 0]) },
      0.5,
      1.5874010519681994,
    ],
    [
      'a rank in the zero bucket of positive values',
      { zeroCount: 2, zeroThreshold: 0.001, positive: bucketsOf(-1, [2, 3, 0, 2, 3]) },
      1 / 12,
      0.0005,
    ],
  ])('%s', (_name, change, quantile, wanted) => {
    const histogram = { scale: 0, zeroThreshold: 0, zeroCount: 0, negative: new Map(), ...change }
    expect(exponentialQuantile(histogram, quantile)).toBeCloseTo(wanted, 12)
  })

  test('of negative values lie below zero; nothing observed has none', () => {
    const one = { scale: 0, zeroThreshold: 0, zeroCount: 0, positive: new Map(), negative: bucketsOf(-1, [1]) }
    expect(exponentialQuantile(one, 0.5)).toBeCloseTo(-0.7071067811865475, 12)
    expect(exponentialQuantile({ ...one, negative: new Map() }, 0.5)).toBeNaN()
  })
})
