import { seededRandom } from '@nines/kernel'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CheckCadence } from './check-cadence.ts'
import { randomComposite, SPAN_MINUTES, START } from './composite/random-composite.fixture.ts'
import { spreadMinutes } from './composite/spread-minutes.ts'
import { HOUR_MS, MINUTE_MS } from './minute.ts'
import { randomCadence } from './random-cadence.fixture.ts'
import { silenceAfter, silenceOf, silenceTerms } from './silence.ts'
import { windowCounts } from './window-burn.ts'

const every = (intervalSeconds: number | null, from = 0): CheckCadence => [{ from, intervalSeconds }]

test.each([
  ['measured all the time', [], { silenceSeconds: 600, leastAbsenceSeconds: 0 }],
  ['a check every half minute', [every(30)], { silenceSeconds: 600, leastAbsenceSeconds: 75 }],
  ['an hourly check', [every(3600)], { silenceSeconds: 9000, leastAbsenceSeconds: 9000 }],
  ['a check that is paused', [every(null)], { silenceSeconds: 600, leastAbsenceSeconds: 0 }],
  ['the rarest of several', [every(30), every(3600), []], { silenceSeconds: 9000, leastAbsenceSeconds: 9000 }],
])('%s', (_, cadences, terms) => {
  const measuredUntil = 10 * HOUR_MS
  expect(silenceTerms(cadences)(measuredUntil)).toEqual(terms)
  expect(silenceTerms(cadences)(null)).toEqual(terms)
  const silence = silenceOf(cadences)
  expect(silence.from(measuredUntil)).toBe(measuredUntil + terms.silenceSeconds * 1000)
  expect(silence.longestMs).toBe(terms.silenceSeconds * 1000)
})

test('an interval that changes makes silence of nothing that was none, and ends none that has begun', () => {
  const at = 10 * HOUR_MS
  const change = (before: number | null, after: number | null) => [
    { from: 0, intervalSeconds: before },
    { from: at, intervalSeconds: after },
  ]
  const from = (cadence: CheckCadence, minutesBefore: number) =>
    (silenceOf([cadence]).from(at - minutesBefore * MINUTE_MS) - at) / MINUTE_MS
  // Hourly, heard 54 minutes ago: of two and a half runs 0.9 are missing, and the other 1.6 come in 48 seconds.
  expect(from(change(3600, 30), 54)).toBeCloseTo(0.8, 9)
  // Every half minute, heard just now: 150 minutes of hourly runs have to pass, less what was owed before.
  expect(from(change(30, 3600), 0.5)).toBeCloseTo(90, 9)
  // It was silent for ten minutes before the change, and still is.
  expect(from(change(30, 3600), 20)).toBe(-10)
  // Paused: from then on nothing is awaited of it.
  expect(from(change(3600, null), 54)).toBe(0)
  expect(from(change(null, 3600), 54)).toBe(-44)
})

test('what was silent by an instant follows from the intervals until then', () => {
  fc.assert(
    fc.property(
      fc.array(randomCadence, { minLength: 1, maxLength: 3 }),
      randomCadence,
      fc.integer({ min: 0, max: 12_000 }),
      fc.integer({ min: 0, max: 12_000 }),
      (cadences, later, heardSeconds, passedSeconds) => {
        const [heard, now] = [heardSeconds * 1000, (heardSeconds + passedSeconds) * 1000]
        const known = cadences.map((cadence) => cadence.filter(({ from }, i) => i === 0 || from <= now))
        const changed = known.map((cadence) => [
          ...cadence,
          ...later.map((step) => ({ ...step, from: Math.max(now, cadence.at(-1)?.from ?? 0) + step.from + 1 })),
        ])
        expect(silenceOf(changed).from(heard) <= now).toBe(silenceOf(known).from(heard) <= now)
        expect(silenceOf(known).from(heard) - heard).toBeLessThanOrEqual(silenceOf(known).longestMs)
      },
    ),
    { numRuns: 1000 },
  )
})

test('figures of composites as of before an interval was changed stay what they were', { timeout: 60_000 }, () => {
  const cadence = randomCadence.map((steps) => steps.map((step) => ({ ...step, from: START + step.from })))
  const asOf = START + SPAN_MINUTES * MINUTE_MS
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e6 }),
      fc.array(cadence, { minLength: 5, maxLength: 5 }),
      cadence,
      (seed, cadences, later) => {
        const known = cadences.map((steps) => steps.filter(({ from }, i) => i === 0 || from <= asOf))
        const changed = known.map((steps) => [
          ...steps,
          ...later.map((step) => ({ ...step, from: Math.max(asOf, steps.at(-1)?.from ?? 0) + step.from - START + 1 })),
        ])
        const figures = [known, changed].map((all) => {
          let next = 0
          const { composite } = randomComposite(seededRandom(seed), () => silenceOf([all[next++ % all.length] ?? []]))
          composite.advance(asOf)
          const minutes = Array.from({ length: SPAN_MINUTES }, (_, i) => START + i * MINUTE_MS)
          return [
            minutes.map((minute) => [composite.get(minute), composite.counts.sum(minute, asOf - MINUTE_MS)]),
            [300, 3600].map((seconds) =>
              windowCounts(composite.counts.heldAt?.(asOf) ?? composite.counts, asOf, seconds),
            ),
            [...spreadMinutes(composite, { from: START, to: asOf }).minutes()],
          ]
        })
        expect(figures[1]).toEqual(figures[0])
      },
    ),
    { numRuns: 60 },
  )
})

test('a time that never changes', () => {
  const silence = silenceAfter(180)
  expect([silence.from(1000), silence.longestMs]).toEqual([181_000, 180_000])
})
