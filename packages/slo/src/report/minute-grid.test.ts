import type { CorrectedSpan } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MINUTE_MS } from '../minute.ts'
import { hourColumnsOf } from './hour-columns.fixture.ts'
import { MinuteGrid } from './minute-grid.ts'

const M0 = Date.UTC(2026, 2, 29) / MINUTE_MS
const MINUTES = 400
const at = (minute: number) => (M0 + minute) * MINUTE_MS

/** Minutes, some of them revised; where the grid begins and ends, which is within an hour; corrections, apart and ascending. */
const world = fc.record({
  slices: fc.array(
    fc.record({ minute: fc.nat(MINUTES - 1), good: fc.nat(9), bad: fc.constantFrom(0, 0, 0, 3), revision: fc.nat(3) }),
    { maxLength: 300, size: 'max' },
  ),
  from: fc.nat(130),
  length: fc.integer({ min: 0, max: 300 }),
  bounds: fc.uniqueArray(fc.nat(MINUTES), { maxLength: 6 }),
  effect: fc.constantFrom('exclude' as const, 'good' as const),
  asked: fc.tuple(fc.integer({ min: -20, max: MINUTES + 20 }), fc.integer({ min: -20, max: MINUTES + 20 })),
  loadedHours: fc.array(fc.nat(6), { maxLength: 3 }),
})

type World = typeof world extends fc.Arbitrary<infer T> ? T : never

/** What a map of minutes says. */
function plainly({ slices, from, length, asked }: World, corrected: readonly CorrectedSpan[]) {
  const newest = new Map<number, { good: number; total: number; revision: number }>()
  for (const { minute, good, bad, revision } of slices) {
    const known = newest.get(minute)
    if (minute >= from && minute < from + length && !(known && known.revision > revision))
      newest.set(minute, { good, total: good + bad, revision })
  }
  const effectOf = (minute: number) => corrected.find((one) => at(minute) >= one.from && at(minute) < one.to)?.effect
  const rows = [...newest.entries()]
    .filter(([minute]) => minute >= asked[0] && minute < asked[1])
    .toSorted((a, b) => a[0] - b[0])
    .map(([minute, { good, total }]) => {
      const effect = effectOf(minute)
      const counts = { good: effect === 'good' ? total : good, total }
      return { minute, effect, bad: total - good, ...(effect === 'exclude' ? { good: 0, total: 0 } : counts) }
    })
  const add = (value: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + value(row), 0)
  return {
    sum: { good: add(({ good }) => good), total: add(({ total }) => total) },
    coverage: { measured: rows.length, withEvents: add(({ total }) => Number(total > 0)) },
    keptOut: {
      excludedMinutes: add(({ effect }) => Number(effect === 'exclude')),
      goodMinutes: add(({ effect }) => Number(effect === 'good')),
      badEvents: add(({ effect, bad }) => (effect ? bad : 0)),
    },
    shown: rows
      .filter(({ good, total }) => good !== total)
      .map(({ minute, good, total }) => [at(minute), { good, total }]),
  }
}

function shownBy(grid: MinuteGrid, corrected: readonly CorrectedSpan[], from: number, to: number) {
  const counted = grid.corrected(corrected)
  return {
    sum: counted.sumOf({ from, to }),
    coverage: counted.coverage({ from, to }),
    keptOut: grid.keptOut(corrected, { from, to }),
    shown: [...counted.minutes(from, to)],
  }
}

function correctedOf({ bounds, effect }: World): CorrectedSpan[] {
  const sorted = bounds.toSorted((a, b) => a - b)
  return sorted.flatMap((from, i) =>
    i % 2 === 1 || sorted[i + 1] === undefined ? [] : [{ from: at(from), to: at(sorted[i + 1] ?? 0), effect }],
  )
}

test('a grid that begins and ends anywhere shows what a map of its minutes shows', () => {
  fc.assert(
    fc.property(world, (given) => {
      const { slices, from, length, asked } = given
      const corrected = correctedOf(given)
      const grid = MinuteGrid.of(
        {
          minute: slices.map(({ minute }) => M0 + minute),
          good: slices.map(({ good }) => good),
          total: slices.map(({ good, bad }) => good + bad),
          revision: slices.map(({ revision }) => revision),
        },
        { from: at(from), to: at(from + length) },
      )
      expect(shownBy(grid, corrected, at(asked[0]), at(asked[1]))).toEqual(plainly(given, corrected))
    }),
    { numRuns: 1000 },
  )
})

test('of hours that are known by their sums those that lie whole on the grid count, whole', () => {
  let summed = 0
  fc.assert(
    fc.property(world, (given) => {
      const { from, length } = given
      // One revision a minute, and corrections of whole hours.
      const slices = [...new Map(given.slices.map((slice) => [slice.minute, slice])).values()]
      const bounds = [...new Set(given.bounds.map((minute) => Math.floor(minute / 60) * 60))]
      const corrected = correctedOf({ ...given, bounds })
      const loaded = new Set(given.loadedHours.map((hour) => M0 / 60 + hour))
      const stored = slices.map(({ minute, good, bad }) => ({ minute: M0 + minute, good, total: good + bad }))
      const minutes = stored.filter(({ minute }) => loaded.has(Math.floor(minute / 60)))
      const columns = {
        minute: minutes.map(({ minute }) => minute),
        good: minutes.map(({ good }) => good),
        total: minutes.map(({ total }) => total),
        revision: minutes.map(() => 1),
      }
      const span = { from: at(from), to: at(from + length) }
      const grid = MinuteGrid.ofHours(hourColumnsOf(stored, 0), loaded, columns, span)
      const isWhole = (hour: number) => hour * 60 >= from && hour * 60 + 60 <= from + length
      const isKnown = (minute: number) => {
        const hour = Math.floor(minute / 60)
        return loaded.has(M0 / 60 + hour) || isWhole(hour)
      }
      const known = slices.filter(({ minute }) => isKnown(minute))
      const asked: [number, number] = [Math.floor(given.asked[0] / 60) * 60, Math.floor(given.asked[1] / 60) * 60]
      const expected = plainly({ ...given, slices: known, asked }, corrected)
      const isLoaded = (minute: number) => loaded.has(Math.floor(minute / MINUTE_MS / 60))
      summed += known.filter(({ minute }) => !isLoaded(at(minute))).length
      expect(shownBy(grid, corrected, at(asked[0]), at(asked[1]))).toEqual({
        ...expected,
        shown: expected.shown.filter(([minute]) => isLoaded(Number(minute))),
      })
    }),
    { numRuns: 1000 },
  )
  expect(summed).toBeGreaterThan(1000)
})
