import type { CorrectedSpan, Slice } from '@nines/contracts'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CorrectedMinutes } from './corrected-minutes.ts'
import { correctedSpans, correctSlices, spansOf, type Correction } from './corrections.ts'
import { minutesOfSlices } from './history-points.ts'
import { MinuteSeries } from './minute-series.ts'
import { recurrenceProblem } from './recurrence.ts'

const SLI = { kind: 'availability', checkId: 'chk_1' } as const

const M = 60_000
const H = 60 * M
const at = (text: string) => Date.parse(text)
const correction = (over: Partial<Correction>): Correction => ({
  id: 'cor_1',
  effect: 'exclude',
  startsAt: at('2026-03-23T08:00:00Z'),
  endsAt: at('2026-03-23T16:00:00Z'),
  rrule: null,
  timeZone: 'UTC',
  outside: false,
  ...over,
})
const shown = (spans: { from: number; to: number }[]) =>
  spans.map(({ from, to }) => [from, to].map((ms) => new Date(ms).toISOString().slice(5, 16)).join(' '))

describe('when a correction applies', () => {
  /** Nine to five in Berlin, whose clocks go forward on 29 March 2026. */
  const office = correction({ rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', timeZone: 'Europe/Berlin' })
  const change = { from: at('2026-03-27T00:00:00Z'), to: at('2026-03-31T00:00:00Z') }

  test('once, half-open', () => {
    const once = correction({})
    expect(spansOf(once, { from: once.startsAt - H, to: once.startsAt })).toEqual([])
    expect(spansOf(once, { from: once.endsAt, to: once.endsAt + H })).toEqual([])
    expect(shown(spansOf(once, { from: once.endsAt - 1, to: once.endsAt }))).toEqual(['03-23T08:00 03-23T16:00'])
  })
  test('recurring, by the clocks of its zone', () => {
    expect(shown(spansOf(office, change))).toEqual(['03-27T08:00 03-27T16:00', '03-30T07:00 03-30T15:00'])
  })
  test('outside of business hours: nights and the weekend, an hour shorter when the clocks go forward', () => {
    expect(shown(spansOf({ ...office, outside: true }, change))).toEqual([
      '03-27T00:00 03-27T08:00',
      '03-27T16:00 03-30T07:00',
      '03-30T15:00 03-31T00:00',
    ])
    const before = { from: at('2026-03-22T00:00:00Z'), to: at('2026-03-24T00:00:00Z') }
    expect(shown(spansOf({ ...office, outside: true }, before))).toEqual(['03-23T16:00 03-24T00:00'])
  })
  test('a span that began before the range and reaches into it counts', () => {
    const night = correction({
      startsAt: at('2026-03-01T22:00:00Z'),
      endsAt: at('2026-03-02T02:00:00Z'),
      rrule: 'FREQ=DAILY',
    })
    const range = { from: at('2026-03-10T01:00:00Z'), to: at('2026-03-10T23:00:00Z') }
    expect(shown(spansOf(night, range))).toEqual(['03-09T22:00 03-10T02:00', '03-10T22:00 03-11T02:00'])
  })
  test('COUNT and UNTIL end it, outside of its spans too', () => {
    const twice = { ...office, rrule: 'FREQ=DAILY;COUNT=2', outside: true }
    const range = { from: at('2026-03-20T00:00:00Z'), to: at('2026-04-20T00:00:00Z') }
    expect(shown(spansOf(twice, range))).toEqual(['03-23T16:00 03-24T08:00'])
    const until = correction({ rrule: 'FREQ=DAILY;UNTIL=20260325T080000Z' })
    expect(spansOf(until, range)).toHaveLength(3)
  })
})

test.each([
  ['FREQ=WEEKLY;BYDAY=MO,FR', null],
  ['freq=monthly;byday=-1SU;interval=1;wkst=MO', null],
  ['FREQ=HOURLY', 'one of DAILY'],
  ['BYDAY=MO', 'needs FREQ'],
  ['FREQ=DAILY;DTSTART=20260101T000000Z', 'DTSTART'],
  ['FREQ=DAILY\nRDATE:20260101', 'none that can be used'],
  ['FREQ=DAILY;BYHOUR=25', 'BYHOUR=25'],
  ['FREQ=DAILY;BYHOUR=1,25', 'BYHOUR=1,25'],
  ['FREQ=DAILY;INTERVAL=0', 'cannot be read'],
  ['FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5', 'more than 24 times'],
  ['FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30', 'never'],
])('%s: %s', (rrule, problem) => {
  const found = recurrenceProblem(correction({ rrule }))
  if (problem === null) expect(found).toBeNull()
  else expect(found).toContain(problem)
})

describe('what it does', () => {
  const T0 = at('2026-01-05T10:00:00Z')
  const slice = (i: number, good: number, total: number): Slice => ({
    sloId: 's',
    version: 1,
    minute: T0 + i * M,
    good,
    total,
    expected: 0,
    revision: 1,
  })
  const span = (from: number, to: number, effect: Correction['effect']) =>
    correction({ startsAt: T0 + from * M, endsAt: T0 + to * M, effect })

  test('excluding goes before counting as good, and `count` changes nothing', () => {
    const range = { from: T0, to: T0 + H }
    const spans = correctedSpans(
      [span(1, 6, 'good'), span(2, 3, 'exclude'), span(0, 9, 'count'), span(2.5, 4.2, 'exclude')],
      range,
    )
    expect(spans.map(({ from, to, effect }) => [(from - T0) / M, (to - T0) / M, effect])).toEqual([
      [1, 2, 'good'],
      [2, 5, 'exclude'],
      [5, 6, 'good'],
    ])
  })

  const given = {
    rows: fc.array(fc.option(fc.record({ good: fc.nat(9), bad: fc.nat(9) }), { freq: 6 }), {
      minLength: 1,
      maxLength: 90,
    }),
    list: fc.array(
      fc.record({
        from: fc.integer({ min: -20 * M, max: 100 * M }),
        length: fc.nat(40 * M),
        effect: fc.constantFrom('exclude' as const, 'good' as const, 'count' as const),
      }),
      { maxLength: 6 },
    ),
  }
  const corrections = (list: { from: number; length: number; effect: Correction['effect'] }[]) =>
    list.map(({ from, length, effect }) => correction({ startsAt: T0 + from, endsAt: T0 + from + length, effect }))
  const range = { from: T0 - H, to: T0 + 3 * H }

  test('slices are corrected as a look at every minute and correction says', () => {
    fc.assert(
      fc.property(fc.record(given), ({ rows, list }) => {
        const slices = rows.flatMap((row, i) => (row ? [slice(i, row.good, row.good + row.bad)] : []))
        const corrected = correctSlices(slices, correctedSpans(corrections(list), range))
        for (const [i, { minute, good, total }] of slices.entries()) {
          const covering = list.filter(
            ({ from, length }) => length > 0 && T0 + from < minute + M && T0 + from + length > minute,
          )
          const has = (wanted: Correction['effect']) => covering.some(({ effect }) => effect === wanted)
          const expected = has('exclude') ? [0, 0] : has('good') ? [total, total] : [good, total]
          expect([corrected[i]?.good, corrected[i]?.total]).toEqual(expected)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('the view that evaluate reads is the series of corrected slices', () => {
    fc.assert(
      fc.property(fc.record({ ...given, first: fc.nat(90), length: fc.nat(90) }), ({ rows, list, first, length }) => {
        const slices = rows.flatMap((row, i) => (row ? [slice(i, row.good, row.good + row.bad)] : []))
        const spans: CorrectedSpan[] = correctedSpans(corrections(list), range)
        const view = new CorrectedMinutes(minutesOfSlices(slices, SLI, Infinity), spans)
        const copy = minutesOfSlices(correctSlices(slices, spans), SLI, Infinity)
        const [from, to] = [T0 + first * M, T0 + (first + length) * M]
        expect(view.sum(from, to)).toEqual(copy.sum(from, to))
        expect(view.get(from)).toEqual(copy.get(from))
        expect([...view.minutes(from, to)]).toEqual([...copy.minutes(from, to)])
        expect(view.firstMinute()).toBe(copy.firstMinute())
        for (const withEvents of [true, false])
          expect(view.newestMinute(from, withEvents)).toBe(copy.newestMinute(from, withEvents))
      }),
      { numRuns: 1000 },
    )
  })

  test('the view answers everything itself: nothing is read from the empty series that it inherits from', () => {
    expect(Object.getOwnPropertyNames(CorrectedMinutes.prototype).toSorted()).toEqual(
      Object.getOwnPropertyNames(MinuteSeries.prototype).toSorted(),
    )
  })
})
