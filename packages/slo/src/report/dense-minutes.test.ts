import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MinuteSeries } from '../minute-series.ts'
import { MINUTE_MS } from '../minute.ts'
import { CorrectedMinutes } from '../corrected-minutes.ts'
import { correctedSpans } from '../corrections.ts'
import { countedMinutes } from '../time-slices.ts'
import { DenseMinutes } from './dense-minutes.ts'
import { hourColumnsOf } from './hour-columns.fixture.ts'
import { hoursOfMinutes } from './hours-of-minutes.ts'
import { MemberMinutes } from './member-minutes.ts'

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

const stored = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 199 }), fc.nat(9), fc.constantFrom(0, 0, 0, 1, 3)), {
    selector: ([minute]) => minute,
    maxLength: 200,
    size: 'max',
  })
  .map((rows) => {
    const minutes = new DenseMinutes(SPAN)
    for (const [minute, good, bad] of rows) minutes.set(at(minute), { good, total: good + bad })
    return minutes
  })

test('corrected, and in slices of time, they are what a series is', () => {
  const correction = fc.record({
    from: fc.integer({ min: -20, max: 210 }),
    length: fc.integer({ min: 1, max: 60 }),
    effect: fc.constantFrom('exclude' as const, 'good' as const),
  })
  const of = { kind: 'availability', checkId: 'chk_1' } as const
  const sli = fc.oneof(
    fc.constant(of),
    fc.record({
      kind: fc.constantFrom('time_slices' as const, 'ratio_time_slices' as const),
      of: fc.constant(of),
      sliceMinutes: fc.constantFrom(1, 4, 5),
      sliceTarget: fc.constant(0.8),
    }),
  )
  fc.assert(
    fc.property(stored, sli, fc.array(correction, { maxLength: 3 }), fc.nat(200), (minutes, indicator, given, end) => {
      const spans = correctedSpans(
        given.map(({ from, length, effect }) => ({
          id: 'c',
          effect,
          startsAt: at(from) + 20_000,
          endsAt: at(from + length),
          rrule: null,
          timeZone: 'UTC',
          outside: false,
        })),
        SPAN,
      )
      const member = new MemberMinutes(minutes, { sli: indicator, corrected: spans, endedBy: at(end) })
      const series = new CorrectedMinutes(minutes, spans)
      expect([...member.counted.minutes()]).toEqual([...countedMinutes(indicator, series, at(end)).minutes()])
      expect([...member.uncorrected().minutes()]).toEqual([...countedMinutes(indicator, minutes, at(end)).minutes()])
    }),
    { numRuns: 500 },
  )
})

test('by hours they are what the store says of them', () => {
  fc.assert(
    fc.property(stored, (minutes) => {
      const slices = Array.from(minutes.minutes(), ([minute, counts]) => ({ minute: minute / MINUTE_MS, ...counts }))
      const expected = Object.entries(hourColumnsOf(slices, 0.3))
      const found = hoursOfMinutes(minutes, 0.3)
      const measured = Array.from(found.rows, (_, row) => row).filter((row) => found.rows[row] !== 0)
      const rows = measured.toSorted((a, b) => (found.hour[b] ?? 0) - (found.hour[a] ?? 0))
      const order = hourColumnsOf(slices, 0.3).hour
      const places = Array.from(order, (hour) => rows.find((row) => found.hour[row] === hour) ?? -1)
      for (const [name, values] of expected)
        expect(
          places.map((row) => found[name as keyof typeof found][row]),
          name,
        ).toEqual(Array.from(values))
      expect(places).toHaveLength(measured.length)
    }),
    { numRuns: 300 },
  )
})
