import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExponentialHistogram } from './exponential-histogram.ts'

const of = (values: number[]) => {
  const histogram = new ExponentialHistogram()
  for (const value of values) histogram.add(value)
  return histogram.point()
}
const total = (counts: number[]) => counts.reduce((sum, n) => sum + n, 0)
/** Bounds (lower, upper] of a bucket, by the data model's definition. */
const bounds = (scale: number, index: number) => [2 ** (index * 2 ** -scale), 2 ** ((index + 1) * 2 ** -scale)] as const

describe('ExponentialHistogram', () => {
  it('has nothing in it at first', () => {
    expect(of([])).toMatchObject({ count: 0, zeroCount: 0, positive: { bucketCounts: [] } })
  })

  it('counts zeros, positive and negative values apart', () => {
    const point = of([0, 0, 4, -2, -2, -2])
    expect(point).toMatchObject({ count: 6, zeroCount: 2, sum: -2, min: -2, max: 4 })
    expect(total(point.positive.bucketCounts)).toBe(1)
    expect(total(point.negative.bucketCounts)).toBe(3)
  })

  it('puts a power of two under its upper bound', () => {
    const point = of([1])
    expect(point.positive.offset).toBe(-1)
    expect(of([2]).positive.offset).toBe(2 ** 20 - 1)
  })

  it('counts a sampled value by its weight and rounds where whole numbers are due', () => {
    const histogram = new ExponentialHistogram()
    histogram.add(3, 10)
    histogram.add(3, 10 / 3)
    const point = histogram.point()
    expect(point.count).toBe(13)
    expect(point.sum).toBeCloseTo(40)
  })

  it.each([
    [[1, 2], 7],
    [[1, 4], 6],
    [[1, 1024], 3],
    [[1, 2 ** 200], -1],
    [[Number.MIN_VALUE, Number.MAX_VALUE], -4],
  ])('takes the finest scale that fits %j', (values, scale) => {
    const point = of(values)
    expect(point.scale).toBe(scale)
    expect(point.positive.bucketCounts.length).toBeLessThanOrEqual(160)
  })

  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: 0.001, max: 100_000, noNaN: true }),
    fc.integer({ min: -1000, max: 1000 }),
  )

  it('counts as many values in each bucket as a direct computation does', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), (values) => {
        const point = of(values)
        expect(point.count).toBe(values.length)
        expect(point.zeroCount).toBe(values.filter((v) => v === 0).length)
        for (const [side, sign] of [
          [point.positive, 1],
          [point.negative, -1],
        ] as const) {
          const rest = values.map((v) => v * sign).filter((v) => v > 0)
          expect(total(side.bucketCounts)).toBe(rest.length)
          expect(side.bucketCounts.length).toBeLessThanOrEqual(160)
          side.bucketCounts.forEach((n, i) => {
            const [lower, upper] = bounds(point.scale, side.offset + i)
            const slack = 1e-9
            const surely = rest.filter((v) => v > lower * (1 + slack) && v <= upper * (1 - slack)).length
            const maybe = rest.filter((v) => v >= lower * (1 - slack) && v <= upper * (1 + slack)).length
            expect(n).toBeGreaterThanOrEqual(surely)
            expect(n).toBeLessThanOrEqual(maybe)
          })
        }
      }),
    )
  })

  it('does not depend on the order of the values', () => {
    fc.assert(
      fc.property(
        fc
          .array(value, { maxLength: 40 })
          .chain((values) => fc.tuple(fc.constant(values), fc.shuffledSubarray(values, { minLength: values.length }))),
        ([values, shuffled]) => {
          const { sum: _, ...one } = of(values)
          const { sum: __, ...other } = of(shuffled)
          expect(other).toEqual(one)
        },
      ),
    )
  })
})
