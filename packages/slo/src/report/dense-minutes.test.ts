import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MinuteSeries } from '../minute-series.ts'
import { MINUTE_MS } from '../minute.ts'
import { DenseMinutes } from './dense-minutes.ts'

const START = Date.UTC(2026, 2, 28, 22, 15)
const SPAN = { from: START, to: START + 200 * MINUTE_MS }
const at = (minute: number) => START + minute * MINUTE_MS

const writes = fc.array(
  fc.record({
    how: fc.constantFrom('set', 'set', 'add', 'clear'),
    minute: fc.integer({ min: 0, max: 199 }),
    good: fc.nat(9),
    bad: fc.nat(3),
  }),
  { maxLength: 150 },
)

test('whatever is written, every question has the answer of a series', () => {
  fc.assert(
    fc.property(writes, fc.nat(220), fc.nat(220), fc.boolean(), (written, from, to, withEvents) => {
      const [dense, series] = [new DenseMinutes(SPAN), new MinuteSeries()]
      for (const { how, minute, good, bad } of written) {
        const counts = { good, total: good + bad }
        for (const each of [dense, series]) {
          if (how === 'set') each.set(at(minute), counts)
          else if (how === 'add') each.add(at(minute), counts.good, counts.total)
          else each.clear(at(minute))
        }
      }
      const asked = (minutes: MinuteSeries) => [
        minutes.get(at(from)),
        minutes.sum(at(from), at(to)),
        minutes.firstMinute(),
        minutes.newestMinute(at(to) + 30_000, withEvents),
        [...minutes.minutes()],
        [...minutes.minutes(at(from) + 1, at(to))],
      ]
      expect(asked(dense)).toEqual(asked(series))
      expect([...DenseMinutes.of(dense.columnsOf(dense.hours()), SPAN).minutes()]).toEqual([...series.minutes()])
    }),
    { numRuns: 500 },
  )
})

test('of stored slices the newest revision of a minute counts, in any order, and what lies outside is left out', () => {
  const rows = [
    [5, 1, 10, 3],
    [5, 2, 10, 9],
    [5, 3, 10, 4],
    [-1, 7, 7, 1],
    [200, 7, 7, 1],
    [6, 0, 0, 0],
  ]
  const column = (index: number) => rows.map((row) => row[index] ?? 0)
  const minute = column(0).map((one) => at(one) / MINUTE_MS)
  const dense = DenseMinutes.of({ minute, good: column(1), total: column(2), revision: column(3) }, SPAN)
  expect([...dense.minutes()]).toEqual([
    [at(5), { good: 2, total: 10 }],
    [at(6), { good: 0, total: 0 }],
  ])
})
