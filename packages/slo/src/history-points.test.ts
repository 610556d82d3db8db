import type { Slice, SliSpec } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { historyPoints } from './history-points.ts'
import { DAY_MS, MINUTE_MS } from './minute.ts'

const FROM = Date.UTC(2026, 1, 10)
const CHECK: SliSpec = { kind: 'availability', checkId: 'chk_1' }
const slice = (minute: number, good: number, total: number, revision = 1): Slice => ({
  sloId: 'slo_1',
  version: 1,
  minute,
  good,
  total,
  expected: 0,
  revision,
})

test('every point sums the whole minutes that end by its instant', () => {
  const row = fc.tuple(
    fc.integer({ min: -3 * 1440, max: 1440 }),
    fc.integer({ min: 0, max: 9 }),
    fc.integer({ min: 1, max: 3 }),
  )
  fc.assert(
    fc.property(fc.array(row, { maxLength: 300 }), fc.constantFrom(60, 1020, 3600, 7200), (rows, stepSeconds) => {
      const slices = rows.map(([i, bad, revision]) => slice(FROM + i * MINUTE_MS, 100 - bad, 100, revision))
      const plain = new Map<number, [number, number]>()
      for (const s of slices.toSorted((a, b) => a.revision - b.revision)) plain.set(s.minute, [s.good, s.total])
      const points = historyPoints(slices, {
        sli: CHECK,
        from: FROM,
        to: FROM + DAY_MS,
        stepSeconds,
        target: 0.99,
        window: { kind: 'rolling', days: 2 },
      })
      expect(points).toHaveLength(Math.floor(86_400 / stepSeconds))
      const between = (first: number, end: number) =>
        [...plain].filter(([minute]) => minute >= first && minute < end).map(([, counts]) => counts)
      for (const point of [points[0], points[5], points.at(-1)]) {
        if (!point) continue
        const window = between(point.at - 2 * DAY_MS, point.at)
        const total = window.reduce((sum, counts) => sum + counts[1], 0)
        const good = window.reduce((sum, counts) => sum + counts[0], 0)
        const expected = total === 0 ? null : 1 - (1 - good / total) / (1 - 0.99)
        if (expected === null) expect(point.budgetRemaining).toBeNull()
        else expect(point.budgetRemaining).toBeCloseTo(expected, 9)
        expect(point.total).toBe(100 * between(point.at - stepSeconds * 1000, point.at).length)
      }
      const seen = between(FROM, points.at(-1)?.at ?? FROM).length
      expect(points.reduce((sum, point) => sum + point.total, 0)).toBe(100 * seen)
    }),
    { numRuns: 50 },
  )
})

test('a range shorter than a step has no point', () => {
  expect(
    historyPoints([], {
      sli: CHECK,
      from: FROM,
      to: FROM + 59_000,
      stepSeconds: 60,
      target: 0.99,
      window: { kind: 'rolling', days: 1 },
    }),
  ).toEqual([])
})
