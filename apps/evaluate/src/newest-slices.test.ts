import { MINUTE_MS } from '@nines/slo'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { NewestSlices } from './newest-slices.ts'

const FROM = 100 * MINUTE_MS
const MINUTES = 6

test('whatever order revisions come in, the newest of each minute of the range is left', () => {
  const slice = fc.record({
    // Some lie beside the range.
    place: fc.integer({ min: -2, max: MINUTES + 1 }),
    total: fc.integer({ min: 0, max: 9 }),
    revision: fc.integer({ min: 1, max: 5 }),
  })
  fc.assert(
    fc.property(fc.uniqueArray(slice, { selector: ({ place, revision }) => `${place} ${revision}` }), (slices) => {
      const newest = new NewestSlices({ from: FROM, to: FROM + MINUTES * MINUTE_MS })
      for (const { place, total, revision } of slices) newest.take(FROM + place * MINUTE_MS, total / 2, total, revision)
      const inside = slices.filter(({ place }) => place >= 0 && place < MINUTES)
      const expected = Array.from({ length: MINUTES }, (_, place) =>
        inside
          .filter((one) => one.place === place)
          .sort((a, b) => b.revision - a.revision)
          .slice(0, 1),
      ).flat()
      const { first: start = 0, good = [], total = [] } = newest.columns ?? {}
      const found = Array.from(total, (count, i) => [start + i * MINUTE_MS, good[i], count])
      expect(found.filter(([, , count]) => !Number.isNaN(count))).toEqual(
        expected.map(({ place, total: count }) => [FROM + place * MINUTE_MS, count / 2, count]),
      )
      const [first, last] = [expected[0], expected.at(-1)]
      const span = first && last && { from: FROM + first.place * MINUTE_MS, to: FROM + last.place * MINUTE_MS }
      expect(newest.span).toEqual(span ?? null)
      expect(newest.lastRevision).toBe(Math.max(0, ...inside.map(({ revision }) => revision)))
    }),
  )
})
