import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MINUTE_MS } from './minute.ts'
import { MinuteSeries } from './minute-series.ts'
import { addCounterSamples, type CounterSample } from './slices-from-counters.ts'
import { slicesFromPoints } from './slices-from-points.ts'
import { pointsFromSamples } from './slices-from-samples.ts'

const T0 = Date.UTC(2026, 5, 1, 23, 50)

test('counts what counting point by point counts, in one go and across seams', () => {
  const sample = fc.record({
    afterMs: fc.integer({ min: 1, max: 200_000 }),
    value: fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.constantFrom(NaN, Infinity)),
    age: fc.constantFrom(0, 1000, 290_000, 400_000),
  })
  fc.assert(
    fc.property(
      fc.array(sample, { maxLength: 40 }),
      fc.nat(40),
      fc.constantFrom('cumulative' as const, 'delta' as const),
      fc.constantFrom({ good: 1, total: 1 }, { good: 0, total: 1 }, { good: -1, total: 0 }),
      (samples, seam, temporality, weights) => {
        let now = T0
        const rows = samples.map(({ afterMs, value, age }) => {
          now += afterMs
          return { at: now, start: age === 0 ? 0 : now - age, value }
        })
        const columns = (from: number, to: number) => ({
          at: Float64Array.from(rows.slice(from, to), ({ at }) => at),
          start: Float64Array.from(rows.slice(from, to), ({ start }) => start),
          value: Float64Array.from(rows.slice(from, to), ({ value }) => value),
        })
        const reduction = {
          temporality,
          weigh: ([count = 0]: readonly number[]) => ({ good: weights.good * count, total: weights.total * count }),
        }
        const points = pointsFromSamples(columns(0, rows.length))
        const expected = slicesFromPoints([{ reduction, points }], T0, now + MINUTE_MS)

        const found = new MinuteSeries()
        let previous: CounterSample | null = null
        previous = addCounterSamples(found, columns(0, seam), { temporality, weights }, previous)
        addCounterSamples(found, columns(seam, rows.length), { temporality, weights }, previous)
        const plain = (minutes: MinuteSeries) =>
          [...minutes.minutes()].map(([minute, { good, total }]) => [minute, good + 0, total + 0])
        expect(plain(found)).toEqual(plain(expected))
      },
    ),
    { numRuns: 500 },
  )
})
