import type { CorrectedSpan, MeasuredSli, OwnSli, Slice, SloWindow } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { budgetLedger, shareOfBudget, windowBudgetAt, type LedgerCauses, type LedgerSpan } from './budget-ledger.ts'
import { correctSlices } from './corrections.ts'
import { historyPoints, minutesOfSlices } from './history-points.ts'
import { sliceMsOf } from './time-slices.ts'
import { windowUpTo } from './window-span.ts'

const M = 60_000
const DAY = 1440 * M
const ROWS = 180

/** A window and an instant an hour before which a period of it begins, daylight saving and half hours among them. */
const WINDOWS: [SloWindow, number][] = [
  [{ kind: 'rolling', days: 1 }, Date.UTC(2026, 0, 5, 10, 7)],
  [{ kind: 'rolling', days: 7 }, Date.UTC(2026, 0, 5, 23, 30)],
  [{ kind: 'calendar', unit: 'day', zone: 'UTC' }, Date.UTC(2026, 0, 5, 23)],
  [{ kind: 'calendar', unit: 'day', zone: 'Asia/Kolkata' }, Date.UTC(2026, 5, 9, 17, 30)],
  [{ kind: 'calendar', unit: 'day', zone: 'Europe/Berlin' }, Date.UTC(2026, 2, 28, 22)],
  [{ kind: 'calendar', unit: 'week', zone: 'Australia/Adelaide' }, Date.UTC(2026, 3, 5, 13, 30)],
  [{ kind: 'calendar', unit: 'month', zone: 'America/New_York' }, Date.UTC(2026, 5, 1, 3)],
  [{ kind: 'calendar', unit: 'quarter', zone: 'Pacific/Chatham' }, Date.UTC(2026, 5, 30, 10, 15)],
  [{ kind: 'calendar', unit: 'year', zone: 'America/St_Johns' }, Date.UTC(2026, 0, 1, 2, 30)],
]
const OF: MeasuredSli = { kind: 'availability', checkId: 'chk_1' }
const WHOLE: fc.Arbitrary<OwnSli> = fc.oneof(
  fc.constant(OF),
  fc.record({
    kind: fc.constant('time_slices' as const),
    of: fc.constant(OF),
    sliceMinutes: fc.integer({ min: 1, max: 5 }),
    sliceTarget: fc.constantFrom(0.5, 0.9, 1),
  }),
)
const RATIOS: fc.Arbitrary<OwnSli> = fc.record({
  kind: fc.constant('ratio_time_slices' as const),
  of: fc.constant(OF),
  sliceMinutes: fc.integer({ min: 1, max: 5 }),
})

type Row = { good: number; bad: number } | null
const rows = fc.array(
  fc.option(
    fc.record({
      bad: fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }) },
      ),
      good: fc.integer({ min: 0, max: 40 }),
    }),
    { freq: 8 },
  ),
  { minLength: 1, maxLength: ROWS },
)
/** Spans in ms behind the first row; some are empty. */
const spans = (name: string, maxLength: number) =>
  fc.array(
    fc
      .tuple(fc.integer({ min: -20 * M, max: ROWS * M }), fc.integer({ min: -M, max: 40 * M }))
      .map(([from, length]) => ({ id: name, from, to: from + Math.max(0, length) })),
    { maxLength },
  )
const given = (sli: fc.Arbitrary<OwnSli>) =>
  fc.record({
    sli,
    rows,
    incidents: spans('i', 3),
    maintenance: spans('m', 3),
    changes: spans('c', 4),
    corrected: fc.array(
      fc.record({
        from: fc.integer({ min: 0, max: ROWS }),
        length: fc.integer({ min: 1, max: 12 }),
        effect: fc.constantFrom('exclude' as const, 'good' as const),
      }),
      { maxLength: 3 },
    ),
    place: fc.constantFrom(...WINDOWS),
    end: fc.integer({ min: 1, max: ROWS }),
    target: fc.constantFrom(0.5, 0.9, 0.99),
  })
type Given = typeof given extends (sli: fc.Arbitrary<OwnSli>) => fc.Arbitrary<infer T> ? T : never

/** What the engine says of the whole window at the end, through stored slices with older revisions among them. */
function engine({ sli, place: [window, t0], target, ...one }: Given) {
  const to = t0 + one.end * M
  const stored = one.rows.flatMap((row, i): Slice[] => {
    if (row === null) return []
    const slice = { sloId: 's', version: 1, minute: t0 + i * M, expected: 0 }
    const newest = { ...slice, good: row.good, total: row.good + row.bad, revision: 5 }
    return i % 7 === 0 ? [newest, { ...slice, good: 0, total: 99, revision: 3 }] : [newest]
  })
  const slices = correctSlices(stored, marks(one.corrected, t0))
  const minutes = minutesOfSlices(slices, sli, to)
  const objective = { target, window }
  const { from } = windowUpTo(window, to)
  const ledger = budgetLedger(minutes, { from, to, target, sliceMs: sliceMsOf(sli), ...causesOf(one, t0) })
  const point = historyPoints(slices, { ...objective, sli, from: to - M, to, stepSeconds: 60 }).at(-1)
  return { ledger, budget: windowBudgetAt(minutes, objective, to), remaining: point?.budgetRemaining ?? null }
}

const marks = (corrected: Given['corrected'], t0: number): CorrectedSpan[] => {
  // Spans as corrections are made into: ascending and apart.
  const apart: CorrectedSpan[] = []
  for (const { from, length, effect } of corrected.toSorted((a, b) => a.from - b.from)) {
    const start = Math.max(t0 + from * M, apart.at(-1)?.to ?? 0)
    if (start < t0 + (from + length) * M) apart.push({ from: start, to: t0 + (from + length) * M, effect })
  }
  return apart
}
const causesOf = (one: Pick<Given, keyof LedgerCauses>, t0: number): LedgerCauses => {
  const placed = (list: LedgerSpan[]) =>
    list.map((span, i) => ({ id: `${span.id}${i}`, from: t0 + span.from, to: t0 + span.to }))
  return { incidents: placed(one.incidents), maintenance: placed(one.maintenance), changes: placed(one.changes) }
}

/** What counts once: of a minute all its events, of a slice of time itself. It lies in [from, to), epoch ms. */
interface Piece {
  from: number
  to: number
  bad: number
  total: number
}

/** Oracle, apart from the engine and as plain as can be: pieces in a list, and for each a walk over all causes. */
function oracle({ sli, place: [window, t0], target, ...one }: Given) {
  const to = t0 + one.end * M
  const from = window.kind === 'rolling' ? to - window.days * DAY : periodStart(window, to - 1)
  const pieces = piecesOf(
    sli,
    one.rows.map((row, i) => corrected(row, t0 + i * M, marks(one.corrected, t0))),
    t0,
    to,
  )
  const causes = causesOf(one, t0)
  const burns = burnsOf(pieces, target)
  const spent = new Map<string, number>()
  let [bad, total] = [0, 0]
  for (const piece of pieces) {
    const standsAt = piece.to - M
    if (standsAt < from || standsAt >= to) continue
    bad += piece.bad
    total += piece.total
    if (piece.bad === 0) continue
    const cause = causeOf(piece, burns, causes)
    spent.set(cause, (spent.get(cause) ?? 0) + piece.bad)
  }
  const whole = window.kind === 'rolling' ? window.days * DAY : periodEnd(window, to - 1) - from
  return { spent, bad, budget: total === 0 ? null : ((1 - target) * total * whole) / (to - from) }
}

function corrected(row: Row, minute: number, all: CorrectedSpan[]): Row {
  const mark = all.find((span) => span.from <= minute && minute < span.to)
  if (!row || !mark) return row
  return mark.effect === 'exclude' ? { good: 0, bad: 0 } : { good: row.good + row.bad, bad: 0 }
}

function piecesOf(sli: OwnSli, all: Row[], t0: number, to: number): Piece[] {
  const minutes = all.map((row, i) => ({ at: t0 + i * M, ...(row ?? { good: 0, bad: 0 }) }))
  if (sli.kind !== 'time_slices' && sli.kind !== 'ratio_time_slices')
    return minutes
      .filter(({ at }) => at < to)
      .map(({ at, good, bad }) => ({ from: at, to: at + M, bad, total: good + bad }))
  const length = sli.sliceMinutes * M
  const starts = new Set(minutes.map(({ at }) => at - (at % length)))
  return [...starts]
    .filter((start) => start + length <= to)
    .map((start) => {
      const inside = minutes.filter(({ at }) => at >= start && at < start + length)
      const good = inside.reduce((sum, minute) => sum + minute.good, 0)
      const total = inside.reduce((sum, minute) => sum + minute.good + minute.bad, 0)
      const worth = sli.kind === 'ratio_time_slices' ? good / total : good / total >= sli.sliceTarget ? 1 : 0
      return { from: start, to: start + length, bad: total === 0 ? 0 : 1 - worth, total: total === 0 ? 0 : 1 }
    })
}

function causeOf(piece: Piece, burns: Piece[][], causes: LedgerCauses): string {
  for (const list of [causes.incidents, causes.maintenance]) {
    const over = list.filter((span) => span.from < span.to && span.from < piece.to && span.to > piece.from)
    over.sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1))
    if (over[0]) return over[0].id
  }
  // The first piece of the burn that it lies in.
  const first = burns.find(
    (burn) => piece.from >= (burn[0] as Piece).from && piece.to <= (burn.at(-1) as Piece).to,
  )?.[0]
  if (!first) return 'unattributed'
  const before = causes.changes.filter((span) => span.from < first.to && span.to + 30 * M > first.from)
  before.sort((a, b) => b.from - a.from || (a.id < b.id ? -1 : 1))
  return before[0]?.id ?? 'unattributed'
}

/** The bad pieces of every burn. */
function burnsOf(pieces: Piece[], target: number): Piece[][] {
  const burning = pieces.filter(({ bad, total }) => total > 0 && bad / total > 1 - target)
  const burns: Piece[][] = []
  for (const one of burning) {
    const last = burns.at(-1)
    if (last && one.from - (last.at(-1) as Piece).to <= 5 * M) last.push(one)
    else burns.push([one])
  }
  return burns.filter((burn) => {
    const start = burn[0] as Piece
    const hour = pieces.filter(({ to }) => to - M >= start.to - M - 60 * M && to < start.to)
    const allowed = (1 - target) * hour.reduce((sum, { total }) => sum + total, 0)
    return burn.reduce((sum, { bad }) => sum + bad, 0) >= allowed
  })
}

type Calendar = Extract<SloWindow, { kind: 'calendar' }>

const known = new Map<string, Intl.DateTimeFormat>()

/** What the clocks of the zone show of the period that holds the instant: its name. */
function periodName({ unit, zone }: Calendar, at: number): string {
  const clocks = known.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' })
  known.set(zone, clocks)
  const parts = clocks.format(at)
  const [year = 0, month = 1, day = 1] = parts.split('-').map(Number)
  if (unit === 'day') return parts
  if (unit === 'week') return String(Math.floor((Date.UTC(year, month - 1, day) / DAY + 3) / 7))
  return `${year} ${unit === 'month' ? month : unit === 'quarter' ? Math.ceil(month / 3) : ''}`
}

/** By halving: names change at the bounds only. */
function bound(window: Calendar, inside: number, outside: number): number {
  const name = periodName(window, inside)
  let [own, other] = [inside, outside]
  while (Math.abs(own - other) > 1) {
    const middle = Math.floor((own + other) / 2)
    if (periodName(window, middle) === name) own = middle
    else other = middle
  }
  return Math.max(own, other)
}
const periodStart = (window: Calendar, at: number) => bound(window, at, at - 400 * DAY)
const periodEnd = (window: Calendar, at: number) => bound(window, at, at + 400 * DAY)

test(
  'events and slices of time, rolling and by the calendar: every cause gets exactly what the oracle says',
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(given(WHOLE), (one) => {
        const { ledger, budget, remaining } = engine(one)
        const said = oracle(one)
        const entries = ledger.entries.filter((entry) => entry.minutes > 0)
        expect(new Map(entries.map((entry) => [entry.id ?? 'unattributed', entry.units]))).toEqual(
          new Map(Array.from(said.spent, ([cause, bad]) => [cause, bad * 1000])),
        )
        expect(ledger.entries.reduce((sum, entry) => sum + BigInt(entry.units), 0n)).toBe(BigInt(ledger.units))
        expect(ledger.units).toBe(said.bad * 1000)
        if (said.budget === null) expect([budget.events, remaining]).toEqual([null, null])
        else {
          expect(budget.events).toBeCloseTo(said.budget, 6)
          expect(remaining).toBeCloseTo(1 - (shareOfBudget(ledger.units, budget) ?? NaN), 9)
        }
      }),
      { numRuns: 800 },
    )
  },
)

test(
  'ratios of slices: parts are the oracle’s to a thousandth a slice, and sum to the rounded whole exactly',
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(given(RATIOS), (one) => {
        const { ledger, budget, remaining } = engine(one)
        const said = oracle(one)
        for (const [cause, bad] of said.spent) {
          const entry = ledger.entries.find(({ id, kind }) => (id ?? kind) === cause)
          expect(Math.abs((entry?.units ?? NaN) - bad * 1000)).toBeLessThanOrEqual(ROWS)
        }
        expect(ledger.entries.reduce((sum, entry) => sum + entry.units, 0)).toBe(ledger.units)
        expect(ledger.units).toBe(Math.round(said.bad * 1000))
        if (said.budget !== null)
          expect(Math.abs((remaining ?? NaN) - 1 + (shareOfBudget(ledger.units, budget) ?? NaN))).toBeLessThan(
            0.001 / said.budget,
          )
      }),
      { numRuns: 300 },
    )
  },
)

test('a slice is covered by what overlaps with any of its minutes, and shown from its first', () => {
  const t0 = Date.UTC(2026, 0, 5, 10)
  const sli = { kind: 'time_slices' as const, of: OF, sliceMinutes: 5, sliceTarget: 0.9 }
  const slices = Array.from({ length: 15 }, (_, i): Slice => {
    const good = i >= 5 && i < 10 ? 0 : 100
    return { sloId: 's', version: 1, minute: t0 + i * M, good, total: 100, expected: 0, revision: 1 }
  })
  const to = t0 + 15 * M
  const causes = { incidents: [{ id: 'i', from: t0 + 6 * M, to: t0 + 7 * M }], maintenance: [], changes: [] }
  const span = { from: t0, to, target: 0.9, sliceMs: sliceMsOf(sli) }
  const { entries, units } = budgetLedger(minutesOfSlices(slices, sli, to), { ...span, ...causes })
  expect(units).toBe(1000)
  expect(entries[0]).toEqual({
    kind: 'incident',
    id: 'i',
    units: 1000,
    minutes: 5,
    first: t0 + 5 * M,
    last: t0 + 9 * M,
  })
})
