import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectedRuns, NO_CADENCE, runsDueAt, type CheckCadence } from './check-cadence.ts'
import { randomCadence } from './random-cadence.fixture.ts'

const MINUTE = 60_000
const every = (intervalSeconds: number | null): CheckCadence => [{ from: 5 * MINUTE, intervalSeconds }]

test('runs owed by minute, before the first step as after it', () => {
  expect([5, 30, 60, 45, 300].map((interval) => expectedRuns(0, every(interval)))).toEqual([12, 2, 1, 2, 1])
  expect([0, 1, 2, 3, 4, 5].map((m) => expectedRuns(m * MINUTE, every(300)))).toEqual([1, 0, 0, 0, 0, 1])
  expect([0, 1, 2].map((m) => expectedRuns(m * MINUTE, every(45)))).toEqual([2, 1, 1])
  expect([expectedRuns(0, NO_CADENCE), expectedRuns(0, every(null))]).toEqual([null, null])
})

test('a minute in which the interval changed owes what either grid has of its part', () => {
  const cadence = [
    { from: 0, intervalSeconds: 10 },
    { from: MINUTE + 30_000, intervalSeconds: 20 },
    { from: 3 * MINUTE, intervalSeconds: null },
  ]
  // At 0, 10 and 20 s of ten seconds; at 40 s of twenty.
  expect([0, 1, 2, 3].map((m) => expectedRuns(m * MINUTE, cadence))).toEqual([6, 4, 3, null])
})

test('a cadence that does not change owes runs by its grid; what comes later changes no minute before', () => {
  fc.assert(
    fc.property(randomCadence, randomCadence, fc.integer({ min: 0, max: 200 }), (cadence, later, m) => {
      const minute = m * MINUTE
      const due = Array.from({ length: 60 }, (_, second) => minute + second * 1000).filter((at) => {
        const step = cadence.findLast(({ from }) => from <= at) ?? cadence[0]
        return step !== undefined && step.intervalSeconds !== null && at % (step.intervalSeconds * 1000) === 0
      })
      expect(expectedRuns(minute, cadence) ?? 0).toBe(due.length)
      const end = Math.max(minute + MINUTE, cadence.at(-1)?.from ?? 0)
      const changed = [...cadence, ...later.map((step) => ({ ...step, from: end + step.from }))]
      expect(expectedRuns(minute, changed)).toBe(expectedRuns(minute, cadence))
    }),
  )
})

test('runs fall due by the interval of each moment', () => {
  fc.assert(
    fc.property(
      randomCadence,
      fc.integer({ min: 0, max: 10_000 }),
      fc.constantFrom(0.5, 1, 2.5),
      (cadence, since, runs) => {
        const dueAt = runsDueAt(cadence, since * 1000, runs)
        let [due, at] = [0, since * 1000]
        const stepAt = (instant: number) => cadence.findLast(({ from }) => from <= instant) ?? cadence[0]
        // Second by second: intervals change on whole seconds here.
        for (; due < runs - 1e-9; at += 1000) {
          const interval = stepAt(at)?.intervalSeconds ?? null
          if (interval === null) break
          due += 1 / interval
        }
        expect(Math.abs(dueAt - at)).toBeLessThanOrEqual(1000)
      },
    ),
  )
})
