import { describe, expect, test } from 'vitest'
import { MINUTE_MS } from './minute.ts'
import { pointsFromHistograms } from './slices-from-histograms.ts'
import { slicesFromPoints } from './slices-from-points.ts'
import { pointsFromSamples } from './slices-from-samples.ts'

const MINUTE = Date.UTC(2026, 7, 1)
const total = {
  temporality: 'cumulative',
  weigh: (counts: readonly number[]) => ({ good: 0, total: sum(counts) }),
} as const
const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0)
const stale = new Float64Array(BigUint64Array.of(0x7ff0_0000_0000_0002n).buffer)[0]!
const columns = (rows: [at: number, value: number][]) => ({
  at: Float64Array.from(rows, ([at]) => MINUTE + at),
  start: new Float64Array(rows.length),
  value: Float64Array.from(rows, ([, value]) => value),
})
const counted = (points: Parameters<typeof slicesFromPoints>[0]) =>
  slicesFromPoints(points, MINUTE, MINUTE + MINUTE_MS).get(MINUTE)

describe('a series that ended and came back', () => {
  test.each([stale, NaN, Infinity, -Infinity])('counts its increase over the end; %d is no point of it', (value) => {
    const points = pointsFromSamples(
      columns([
        [0, 100],
        [10, 103],
        [20, value],
        [30, 107],
      ]),
    )
    expect(counted([{ reduction: total, points }])).toEqual({ good: 0, total: 7 })
  })

  test('is not measured in a minute that has only its end', () => {
    const points = pointsFromSamples(
      columns([
        [-10, 100],
        [20, stale],
      ]),
    )
    expect(counted([{ reduction: total, points }])).toBeNull()
  })

  test('goes on where it was when it is a histogram: the row that ends it has no bounds and is no restart', () => {
    const row = (at: number, counts: number[]) => ({ at: MINUTE + at, start: 0, bounds: [1], bucketCounts: counts })
    const ended = { at: MINUTE + 20, start: 0, bounds: [], bucketCounts: [0], isStale: true }
    const points = pointsFromHistograms([row(0, [5, 5]), row(10, [6, 5]), ended, row(30, [7, 7])])
    expect(counted([{ reduction: total, points }])).toEqual({ good: 0, total: 4 })
  })
})
