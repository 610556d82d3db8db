import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluateSeries } from './evaluate-series.ts'
import { minuteIncreases } from './minute-increases.ts'
import { sumBuckets } from './sum-buckets.ts'
import { kernelOf } from './window-function.ts'

const MINUTE = 60_000
const MINUTES = 60

test('minutes add up to the increase of any window, or say that they cannot', () => {
  const step = fc.record({
    after: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(15_000, 60_000, 14_997, 61_000) },
      { weight: 1, arbitrary: fc.integer({ min: 200_000, max: 900_000 }) },
    ),
    growth: fc.oneof({ weight: 10, arbitrary: fc.nat(50) }, { weight: 1, arbitrary: fc.constant(-1) }),
  })
  const windows = fc.array(fc.tuple(fc.nat(MINUTES - 1), fc.integer({ min: 1, max: MINUTES })), { minLength: 5 })
  let told = 0
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 250 }),
      fc.integer({ min: -400_000, max: 300_000 }),
      windows,
      fc.boolean(),
      (steps, first, asked, isDelta) => {
        const samples: [number, number][] = []
        let [at, value] = [first, 100]
        for (const { after, growth } of steps) {
          at += after
          value = growth < 0 ? 3 : value + growth
          samples.push([at, isDelta ? growth : value])
        }
        const given = samples.filter(([time]) => time > -300_000 && time <= MINUTES * MINUTE)
        const points = {
          at: Float64Array.from(given, ([time]) => time),
          value: Float64Array.from(given, ([, held]) => held),
          length: given.length,
        }
        const { slots, values } = minuteIncreases(points, { from: 0, isDelta, isBegun: false })
        expect(slots).toEqual([...slots].toSorted((a, b) => a - b))
        const row = { from: 0, values: new Float64Array(MINUTES).fill(NaN) }
        slots.forEach((slot, i) => (row.values[slot] = values[i]!))
        for (const [begin, length] of asked) {
          const [from, to] = [begin * MINUTE, Math.min(MINUTES, begin + length) * MINUTE]
          const found = sumBuckets(row, MINUTE, from, to)
          if (found === Infinity) continue
          told++
          const out = new Float64Array(1)
          const evaluation = { function: 'increase', window: to - from, grid: { from: to, step: 0, count: 1 } } as const
          evaluateSeries(points, kernelOf('increase', isDelta), evaluation, out)
          expect(found).toEqual(out[0])
        }
      },
    ),
  )
  expect(told).toBeGreaterThan(500)
})

test('a step over a pause, and the first one where samples may lie before, are not told', () => {
  const points = { at: Float64Array.of(30_000, 90_000, 400_000), value: Float64Array.of(1, 2, 3), length: 3 }
  const ask = (isBegun: boolean) => minuteIncreases(points, { from: 0, isDelta: false, isBegun })
  expect(ask(false)).toEqual({ slots: [0, 1, 6], values: [0, 1, Infinity] })
  expect(ask(true)).toEqual({ slots: [0, 1, 6], values: [Infinity, 1, Infinity] })
  expect(minuteIncreases(points, { from: 0, isDelta: true, isBegun: true }).values).toEqual([1, 2, 3])
})
