import type { OwnSli } from '@nines/contracts'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { budgetLedger, type LedgerSpan } from '../budget-ledger.ts'
import { correctedSpans, correctSlices, type Correction } from '../corrections.ts'
import { minutesOfSlices } from '../history-points.ts'
import { MINUTE_MS } from '../minute.ts'
import { sliceMsOf } from '../time-slices.ts'
import { MinuteGrid, type SliceColumns } from './minute-grid.ts'
import { ORACLE_SLICE_TARGET, oracleRows, type OracleSlice, type OracleWorld } from './period-oracle.fixture.ts'
import { resultOf, sloPeriod, type PeriodInput } from './slo-period.ts'
import { versionsInForce, type ReportVersion } from './versions-in-force.ts'

/** On a day, so that slices of time lie as in the oracle, which counts from 0. */
const T0 = Date.UTC(2026, 2, 29)
const LEAD = 10
const of = { kind: 'availability', checkId: 'chk_1' } as const
const at = (minute: number) => T0 + minute * MINUTE_MS

function sliOf(sliceMinutes: number): OwnSli {
  return sliceMinutes === 0 ? of : { kind: 'time_slices', of, sliceMinutes, sliceTarget: ORACLE_SLICE_TARGET }
}

function columnsOf(slices: readonly OracleSlice[]): SliceColumns {
  return {
    minute: slices.map(({ minute }) => at(minute) / MINUTE_MS),
    good: slices.map(({ good }) => good),
    total: slices.map(({ total }) => total),
    revision: slices.map(({ revision }) => revision),
  }
}

const window = { kind: 'rolling', days: 30 } as const

/** The engine's answer for a world. */
function rowsOf({ slices, versions, corrections, from, to, asOf }: OracleWorld, causes: Partial<PeriodInput> = {}) {
  const range = { from: at(from - LEAD), to: at(to) }
  const held = corrections.map((one, i): Correction => ({
    id: `cor_${i}`,
    effect: one.effect,
    startsAt: at(one.from),
    endsAt: at(one.to),
    rrule: null,
    timeZone: 'UTC',
    outside: false,
  }))
  const corrected = correctedSpans(held, range)
  const all = versions.map(({ since, thousandths, sliceMinutes }, i): ReportVersion => ({
    version: i + 1,
    // Anywhere in its first minute.
    createdAt: at(since) + 31_000,
    sli: sliOf(sliceMinutes),
    target: thousandths / 1000,
    window,
    furtherObjectives: [],
  }))
  return sloPeriod({
    inForce: versionsInForce(all, { from: at(from), to: at(to) }, null),
    minutesOf: ({ version, sli }) => {
      // The store answers with what was known, in no order.
      const known = slices.filter((slice) => slice.version === version && slice.revision <= asOf)
      const measured = MinuteGrid.of(columnsOf(known.toReversed()), range)
      return { measured, counted: measured.corrected(corrected).counted(sli, range.to) }
    },
    corrected,
    ...causes,
  })
}

const world: fc.Arbitrary<OracleWorld> = fc
  .record({
    slices: fc.array(
      fc.record({
        version: fc.integer({ min: 1, max: 3 }),
        minute: fc.integer({ min: 0, max: 79 }),
        good: fc.nat(20),
        bad: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(20)),
        revision: fc.nat(5),
      }),
      { maxLength: 300 },
    ),
    versions: fc.array(
      fc.record({
        since: fc.integer({ min: 0, max: 80 }),
        thousandths: fc.constantFrom(1, 70, 500, 900, 950, 990, 999),
        sliceMinutes: fc.constantFrom(0, 0, 0, 1, 3, 5),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    corrections: fc.array(
      fc.record({
        from: fc.double({ min: 0, max: 80, noNaN: true }),
        length: fc.double({ min: 0, max: 30, noNaN: true }),
        effect: fc.constantFrom('exclude' as const, 'good' as const),
      }),
      { maxLength: 3 },
    ),
    from: fc.integer({ min: LEAD, max: 60 }),
    length: fc.integer({ min: 1, max: 40 }),
    asOf: fc.nat(6),
  })
  .map(({ slices, versions, corrections, from, length, asOf }) => {
    const known = new Map(
      slices.map(({ bad, ...slice }) => [
        `${slice.version} ${slice.minute} ${slice.revision}`,
        { ...slice, total: slice.good + bad },
      ]),
    )
    return {
      slices: [...known.values()],
      versions: versions.toSorted((a, b) => a.since - b.since),
      corrections: corrections.map(({ from: start, length: lasts, effect }) => ({
        from: Math.round(start * MINUTE_MS) / MINUTE_MS,
        to: Math.round((start + lasts) * MINUTE_MS) / MINUTE_MS,
        effect,
      })),
      from,
      to: from + length,
      asOf,
    }
  })

describe('against an oracle that looks at every minute by itself', () => {
  test('versions, corrections, revisions, slices of time', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(world, (given) => {
        const rows = rowsOf(given)
        const expected = oracleRows(given)
        expect(rows.map(({ versions }) => versions.map(({ version }) => version))).toEqual(
          expected.map(({ versions }) => versions),
        )
        for (const [i, row] of rows.entries()) {
          const plain = expected[i]!
          expect([row.good, row.total, row.result]).toEqual([plain.good, plain.total, plain.result])
          expect([row.coverage.measured, row.corrected.excludedMinutes]).toEqual([plain.measured, plain.excluded])
          if (plain.total === 0) {
            expect([row.sli, row.budget.events, row.consumed.share, row.left.events]).toEqual([null, null, null, null])
            continue
          }
          const bad = plain.total - plain.good
          expect(row.sli).toBeCloseTo(plain.good / plain.total, 12)
          expect(row.budget.events).toBe(plain.allowedThousandths / 1000)
          expect(row.consumed.events).toBe(bad)
          expect(row.consumed.share).toBeCloseTo((bad * 1000) / plain.allowedThousandths, 9)
          expect((row.left.events ?? 0) * 1000).toBeCloseTo(plain.allowedThousandths - bad * 1000, 6)
          expect(row.spend.reduce((sum, { units }) => sum + units, 0)).toBe(bad * 1000)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('what became known later changes nothing of what was known before', () => {
    fc.assert(
      fc.property(world, fc.array(fc.nat(79), { maxLength: 40 }), (given, late) => {
        const later = late.map((minute) => ({ version: 1, minute, good: 7, total: 50, revision: given.asOf + 1 }))
        expect(rowsOf({ ...given, slices: [...given.slices, ...later] })).toEqual(rowsOf(given))
      }),
      { numRuns: 300 },
    )
  })
})

describe('the grid', () => {
  const spans = fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), from: fc.nat(90), length: fc.nat(40) }), {
    maxLength: 4,
  })
  const ledgerSpans = (list: { id: string; from: number; length: number }[]): LedgerSpan[] =>
    list.map(({ id, from, length }) => ({ id, from: at(from), to: at(from + length) }))

  test('is to a ledger, to sums and to coverage what the series of the same slices is', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(world, spans, spans, spans, (given, incidents, maintenance, changes) => {
        const slices = given.slices.filter(({ version }) => version === 1)
        const sli = sliOf(given.versions[0]?.sliceMinutes ?? 0)
        const corrected = correctedSpans(
          given.corrections.map((one) => ({
            id: 'c',
            effect: one.effect,
            startsAt: at(one.from),
            endsAt: at(one.to),
            rrule: null,
            timeZone: 'UTC',
            outside: false,
          })),
          { from: at(0), to: at(80) },
        )
        const stored = slices.map((slice) => ({ ...slice, sloId: 's', minute: at(slice.minute), expected: 0 }))
        const series = minutesOfSlices(correctSlices(stored, corrected), sli, at(80))
        const span = { from: at(0), to: at(80) }
        const grid = MinuteGrid.of(columnsOf(slices), span).corrected(corrected).counted(sli, at(80))
        const [from, to] = [at(given.from), at(given.to)]
        expect(grid.sum(from, to - MINUTE_MS)).toEqual(series.sum(from, to - MINUTE_MS))
        const terms = {
          from,
          to,
          target: 0.9,
          sliceMs: sliceMsOf(sli),
          incidents: ledgerSpans(incidents),
          maintenance: ledgerSpans(maintenance),
          changes: ledgerSpans(changes),
        }
        expect(budgetLedger(grid, terms)).toEqual(budgetLedger(series, terms))
        const measured = [...series.minutes(from, to)]
        expect(grid.coverage({ from, to })).toEqual({
          measured: measured.length,
          withEvents: measured.filter(([, { total }]) => total > 0).length,
        })
      }),
      { numRuns: 1000 },
    )
  })
})

const slice = (minute: number, good: number, total: number, version = 1): OracleSlice => ({
  version,
  minute,
  good,
  total,
  revision: 1,
})
const plain = (over: Partial<OracleWorld>): OracleWorld => ({
  slices: [],
  versions: [{ since: 0, thousandths: 900, sliceMinutes: 0 }],
  corrections: [],
  from: 20,
  to: 30,
  asOf: 9,
  ...over,
})

test('exactly at the target is met, one more is missed, whatever doubles say', () => {
  const nine = rowsOf(plain({ slices: [slice(20, 9, 10)] }))[0]
  // (1 - 0.9) x 10 is 0.9999999999999998 in doubles.
  expect(nine).toMatchObject({ result: 'met', sli: 0.9, consumed: { share: 1 }, left: { events: 0, share: 0 } })
  expect(rowsOf(plain({ slices: [slice(20, 8, 10)] }))[0]).toMatchObject({ result: 'missed', left: { events: -1 } })
})

test('each event is judged by the target of its time', () => {
  const versions = [
    { since: 0, thousandths: 900, sliceMinutes: 0 },
    { since: 25, thousandths: 990, sliceMinutes: 0 },
  ]
  const slices = [slice(20, 90, 100), slice(26, 999, 1000, 2), slice(26, 0, 1000, 1), slice(21, 0, 1000, 2)]
  const [row, ...none] = rowsOf(plain({ versions, slices }))
  expect(none).toEqual([])
  expect(row).toMatchObject({
    target: 0.99,
    good: 1089,
    total: 1100,
    result: 'met',
    budget: { events: 20, outageSeconds: 0.1 * 300 + 0.01 * 300 },
    consumed: { events: 11, share: 0.55 },
    versions: [
      { version: 1, from: at(20), to: at(25), good: 90, total: 100 },
      { version: 2, from: at(25), to: at(30), good: 999, total: 1000 },
    ],
  })
})

test('a new indicator begins a new row, and an SLO with a missed row is missed', () => {
  const versions = [
    { since: 0, thousandths: 900, sliceMinutes: 0 },
    { since: 25, thousandths: 900, sliceMinutes: 5 },
  ]
  const rows = rowsOf(plain({ versions, slices: [slice(20, 99, 100), slice(27, 1, 2, 2)] }))
  expect(rows).toMatchObject([
    { sliKind: 'availability', result: 'met', consumed: { events: 1, minutes: null } },
    {
      sliKind: 'time_slices',
      result: 'missed',
      total: 1,
      consumed: { events: 1, minutes: 5 },
      budget: { minutes: 0.5 },
    },
  ])
  expect(resultOf(rows)).toBe('missed')
  expect(resultOf([])).toBe('undefined')
  expect(resultOf([{ result: 'met' }, { result: 'undefined' }])).toBe('undefined')
})

test('excluded time is no time to be out in, measured or not', () => {
  const corrections = [{ from: 20, to: 25, effect: 'exclude' as const }]
  const [row] = rowsOf(plain({ corrections, slices: [slice(21, 0, 50), slice(26, 100, 100)] }))
  expect(row).toMatchObject({
    result: 'met',
    total: 100,
    budget: { outageSeconds: 30 },
    coverage: { minutes: 10, measured: 2, withEvents: 2, share: 0.2 },
    corrected: { excludedMinutes: 1, goodMinutes: 0, badEvents: 50 },
  })
})

test('causes are asked for with the target and the bad minutes of each version', () => {
  const versions = [
    { since: 0, thousandths: 900, sliceMinutes: 0 },
    { since: 25, thousandths: 990, sliceMinutes: 0 },
  ]
  const asked: number[] = []
  const incident = { id: 'inc', from: at(24), to: at(26) }
  const [row] = rowsOf(
    plain({ versions, slices: [slice(21, 5, 10), slice(24, 0, 10), slice(25, 0, 20, 2), slice(28, 9, 10, 2)] }),
    {
      causesOf: (bad, target) => {
        asked.push(target, [...bad.minutes()].length)
        return { incidents: [incident], maintenance: [], changes: [] }
      },
    },
  )
  expect(asked).toEqual([0.9, 2, 0.99, 2])
  expect(row?.spend.map(({ kind, units }) => [kind, units])).toEqual([
    ['incident', 30_000],
    ['maintenance', 0],
    ['change', 0],
    ['unattributed', 6000],
  ])
})

test('an SLO without slices is undefined, with all of its objectives', () => {
  const version = { version: 1, createdAt: at(0), sli: of, target: 0.9, window }
  const versions: ReportVersion[] = [{ ...version, furtherObjectives: [{ target: 0.99, window }] }]
  const empty = new MinuteGrid({ from: at(0), to: at(30) })
  const rows = sloPeriod({
    inForce: versionsInForce(versions, { from: at(20), to: at(30) }, null),
    minutesOf: () => ({ measured: empty, counted: empty }),
    corrected: [],
  })
  expect(rows).toMatchObject([
    { objective: 1, target: 0.9, result: 'undefined', sli: null, coverage: { minutes: 10, measured: 0 } },
    { objective: 2, target: 0.99, result: 'undefined', sli: null },
  ])
  expect(rows[0]?.spend.map(({ units, events }) => [units, events])).toEqual([
    [0, null],
    [0, null],
    [0, null],
    [0, null],
  ])
})
