import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS } from './minute.ts'
import { MinuteSeries } from './minute-series.ts'

const BASE = Date.UTC(2026, 9, 24)
const DAYS = 9
/** Minutes that are restored at once: more than a day. */
const RESTORED = 2_000
const minuteNumber = fc.integer({ min: 0, max: DAYS * 1440 })
const operation = fc.record({
  minute: minuteNumber,
  kind: fc.constantFrom('set', 'add', 'clear', 'restore'),
  good: fc.integer({ min: -3, max: 70_000 }),
  total: fc.oneof(fc.integer({ min: 0, max: 70_000 }), fc.integer({ min: 0, max: 2 ** 40 })),
})

test('sums over any range equal the plain sum, whatever was written in whatever order', () => {
  fc.assert(
    fc.property(
      fc.array(operation, { maxLength: 60 }),
      fc.array(fc.tuple(minuteNumber, minuteNumber), { minLength: 1, maxLength: 5 }),
      (operations, ranges) => {
        const series = new MinuteSeries()
        const plain = new Map<number, { good: number; total: number }>()
        for (const [i, { minute, kind, good, total }] of operations.entries()) {
          const at = BASE + minute * MINUTE_MS
          const before = plain.get(at) ?? { good: 0, total: 0 }
          if (kind === 'clear') {
            plain.delete(at)
            series.clear(at)
          } else if (kind === 'restore') {
            const totals = Float64Array.from({ length: RESTORED }, (_, n) => (n % 9 === i % 9 ? NaN : total + (n % 50)))
            const goods = totals.map((_, n) => good + (n % 3))
            series.restore(at, goods, totals)
            for (const [n, count] of totals.entries())
              if (!Number.isNaN(count)) plain.set(at + n * MINUTE_MS, { good: goods[n]!, total: count })
          } else if (kind === 'set') {
            plain.set(at, { good, total })
            series.set(at, { good, total })
          } else {
            plain.set(at, { good: before.good + good, total: before.total + total })
            series.add(at, good, total)
          }
          // Reading in between must not freeze sums that later writes change.
          if (i % 7 === 0) {
            series.sum(BASE, BASE + DAYS * DAY_MS)
            series.sum(BASE + 90 * MINUTE_MS, BASE + 7 * DAY_MS)
          }
        }
        expect([...series.minutes()]).toEqual([...plain].sort(([a], [b]) => a - b))
        for (const [first, last] of ranges) {
          const [from, to] = [BASE + first * MINUTE_MS, BASE + last * MINUTE_MS]
          const inside = [...plain].filter(([minute]) => minute >= from && minute <= to)
          const expected = { good: 0, total: 0 }
          for (const [, { good, total }] of inside) {
            expected.good += good
            expected.total += total
          }
          expect(series.sum(from, to)).toEqual(expected)
          const newest = [...plain].filter(([minute]) => minute <= to).sort(([a], [b]) => b - a)
          expect(series.newestMinute(to, false)).toBe(newest[0]?.[0] ?? null)
          expect(series.newestMinute(to, true)).toBe(newest.find(([, c]) => c.total > 0)?.[0] ?? null)
        }
        expect(series.firstMinute()).toBe(plain.size === 0 ? null : Math.min(...plain.keys()))
      },
    ),
    { numRuns: 200 },
  )
})

test('sums over months are right after old minutes changed and old days went', () => {
  const series = new MinuteSeries()
  for (let day = 0; day < 100; day++) series.set(BASE + day * DAY_MS, { good: 1, total: 2 })
  const total = (first: number) => series.sum(BASE + first * DAY_MS, BASE + 100 * DAY_MS).total
  expect([total(0), total(50), total(0)]).toEqual([200, 100, 200])
  series.add(BASE + 60 * DAY_MS, 0, 5)
  expect([total(0), total(50), total(70)]).toEqual([205, 105, 60])
  series.clear(BASE + 20 * DAY_MS)
  series.set(BASE + 100 * DAY_MS, { good: 0, total: 1 })
  expect([total(0), total(50)]).toEqual([204, 106])
  series.forgetBefore(BASE + 55 * DAY_MS)
  expect([total(0), total(50), total(60)]).toEqual([96, 96, 86])
})

test('fractions and counts beyond 32 bits are kept exactly', () => {
  const series = new MinuteSeries()
  series.set(BASE, { good: 65_536, total: 2 ** 33 })
  series.set(BASE + MINUTE_MS, { good: 0.1, total: 0.25 })
  expect(series.get(BASE)).toEqual({ good: 65_536, total: 2 ** 33 })
  expect(series.get(BASE + MINUTE_MS)).toEqual({ good: 0.1, total: 0.25 })
})

test('forgetting drops whole days only', () => {
  const series = new MinuteSeries()
  series.set(BASE, { good: 1, total: 1 })
  series.set(BASE + DAY_MS, { good: 1, total: 1 })
  series.forgetBefore(BASE + DAY_MS + 5 * MINUTE_MS)
  expect([...series.minutes()].map(([minute]) => minute)).toEqual([BASE + DAY_MS])
  expect(series.sum(BASE, BASE + 2 * DAY_MS).total).toBe(1)
  expect(series.firstMinute()).toBe(BASE + DAY_MS)
})
