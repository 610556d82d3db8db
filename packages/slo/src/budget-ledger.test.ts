import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  budgetLedger,
  CHANGE_LOOK_BACK_MS,
  shareOfBudget,
  windowBudgetAt,
  type LedgerCauses,
  type LedgerSpan,
} from './budget-ledger.ts'
import { MinuteSeries } from './minute-series.ts'

const M = 60_000
const T0 = Date.UTC(2026, 0, 5, 10)
const NONE: LedgerCauses = { incidents: [], maintenance: [], changes: [] }

/** Minutes from T0 on, each of 1000 events, with so many bad; null is not measured. */
function seriesOf(bad: (number | null)[]): MinuteSeries {
  const minutes = new MinuteSeries()
  for (const [i, count] of bad.entries())
    if (count !== null) minutes.set(T0 + i * M, { good: 1000 - count, total: 1000 })
  return minutes
}
const span = (id: string, fromMinute: number, toMinute: number): LedgerSpan => ({
  id,
  from: T0 + fromMinute * M,
  to: T0 + toMinute * M,
})
/** Units in events by cause, of the minutes from T0 on. */
function spent(bad: (number | null)[], causes: Partial<LedgerCauses>, from = 0, to = bad.length) {
  const range = { from: T0 + from * M, to: T0 + to * M, target: 0.999 }
  const { entries, units } = budgetLedger(seriesOf(bad), { ...range, ...NONE, ...causes })
  expect(entries.reduce((sum, entry) => sum + entry.units, 0)).toBe(units)
  return Object.fromEntries(entries.map((entry) => [entry.id ?? 'unattributed', entry.units / 1000]))
}

describe('precedence', () => {
  const bad = [0, 10, 10, 10, 10, 0]
  test('what nothing explains is unattributed', () => {
    expect(spent(bad, {})).toEqual({ unattributed: 40 })
  })
  test('an incident before maintenance, maintenance before a change', () => {
    const changes = [span('deploy', 0, 0)]
    expect(spent(bad, { changes })).toEqual({ deploy: 40, unattributed: 0 })
    const maintenance = [span('work', 2, 9)]
    expect(spent(bad, { changes, maintenance })).toEqual({ work: 30, deploy: 10, unattributed: 0 })
    const incidents = [span('outage', 3, 4)]
    expect(spent(bad, { changes, maintenance, incidents })).toEqual({
      work: 20,
      outage: 10,
      deploy: 10,
      unattributed: 0,
    })
  })
  test('of overlapping incidents the one that began first, then the smaller id, whatever their order', () => {
    const [a, b, c] = [span('a', 2, 4), span('b', 1, 3), span('c', 2, 5)]
    for (const incidents of [
      [a, b, c],
      [c, b, a],
    ])
      expect(spent(bad, { incidents })).toEqual({ b: 20, a: 10, c: 10, unattributed: 0 })
  })
  test('spans of one thing add up', () => {
    expect(spent(bad, { maintenance: [span('nightly', 1, 2), span('nightly', 3, 5)] })).toEqual({
      nightly: 30,
      unattributed: 10,
    })
  })
  test('spans are half-open and cover each minute they overlap with', () => {
    const half = { id: 'x', from: T0 + 1.5 * M, to: T0 + 3 * M }
    expect(spent(bad, { incidents: [half] })).toEqual({ x: 20, unattributed: 20 })
    expect(spent(bad, { incidents: [{ ...half, to: T0 + 3 * M + 1 }] })).toEqual({ x: 30, unattributed: 10 })
    expect(spent(bad, { incidents: [span('empty', 2, 2)] })).toEqual({ unattributed: 40 })
  })
})

describe('changes', () => {
  const burn = (start: number, length = 3) => [...Array.from({ length: start }, () => 0), ...Array(length).fill(50)]
  const look = CHANGE_LOOK_BACK_MS / M
  test('explain a burn that begins within half an hour after them or while they roll out, and not one before', () => {
    const changes = [span('deploy', 10, 10)]
    expect(spent(burn(9), { changes })).toMatchObject({ unattributed: 150 })
    expect(spent(burn(10), { changes })).toMatchObject({ deploy: 150 })
    expect(spent(burn(10 + look - 1), { changes })).toMatchObject({ deploy: 150 })
    expect(spent(burn(10 + look), { changes })).toMatchObject({ unattributed: 150 })
    expect(spent(burn(20 + look - 1), { changes: [span('rollout', 10, 20)] })).toMatchObject({ rollout: 150 })
    expect(spent(burn(20 + look), { changes: [span('rollout', 10, 20)] })).toMatchObject({ unattributed: 150 })
  })
  test('the last one that started is taken, then the smaller id', () => {
    const changes = [span('b', 3, 3), span('a', 3, 3), span('old', 1, 4)]
    expect(spent(burn(5), { changes })).toEqual({ a: 150, unattributed: 0 })
  })
  test('bad events below what the budget lasts for are background and no burn', () => {
    expect(spent([1, 1, 0, 9, 1, 1], { changes: [span('deploy', 3, 3)] })).toEqual({ deploy: 9, unattributed: 4 })
  })
  test('a burn goes on through five calm minutes, which belong to it, and not through six', () => {
    const changes = [span('deploy', 0, 0)]
    const bad = (calm: number) => [5, ...Array<number>(calm).fill(1), 5]
    expect(spent(bad(5), { changes })).toEqual({ deploy: 15, unattributed: 0 })
    const later = [...Array<number>(look).fill(0), 50, null, null, null, null, null, 50]
    expect(spent(later, { changes: [span('deploy', 1, 1)] })).toEqual({ deploy: 100, unattributed: 0 })
    expect(spent([5, ...Array<null>(look + 6).fill(null), 5], { changes })).toEqual({ deploy: 5, unattributed: 5 })
  })
  test('a few bad events that an hour may have are no burn, and in little traffic one is', () => {
    const changes = [span('deploy', 70, 70)]
    // 60,000 events in the hour before: 60 may be bad.
    const after = (...burst: number[]) => [...Array<number>(75).fill(0), ...burst]
    expect(spent(after(30, 29), { changes })).toEqual({ unattributed: 59 })
    expect(spent(after(30, 0, 0, 31), { changes })).toEqual({ deploy: 61, unattributed: 0 })
    const quiet = [...Array<null>(74).fill(null), 0, 1, 3]
    expect(spent(quiet, { changes })).toEqual({ unattributed: 1, deploy: 3 })
  })
  test('a burn that began before the ledger keeps its cause', () => {
    const bad = Array<number>(90).fill(50)
    expect(spent(bad, { changes: [span('deploy', 0, 0)] }, 60, 90)).toEqual({ deploy: 1500, unattributed: 0 })
  })
})

describe('the whole budget', () => {
  const hour = seriesOf(Array<number>(60).fill(0))
  const at = T0 + 60 * M
  test('of a rolling window: its events and its time', () => {
    const budget = windowBudgetAt(hour, { target: 0.999, window: { kind: 'rolling', days: 30 } }, at)
    expect(budget.events).toBeCloseTo(60, 9)
    expect(budget.outageSeconds).toBeCloseTo(2592, 9)
    expect(shareOfBudget(15_000, budget)).toBeCloseTo(0.25, 9)
  })
  test('of the calendar: that of the whole period, as if events went on coming as often', () => {
    const objective = { target: 0.999, window: { kind: 'calendar', unit: 'day', zone: 'UTC' } } as const
    const eleven = at - Date.UTC(2026, 0, 5)
    expect(windowBudgetAt(hour, objective, at).events).toBeCloseTo((60 * 86_400_000) / eleven, 9)
    expect(windowBudgetAt(hour, objective, at).outageSeconds).toBeCloseTo(86.4, 9)
    // The first instant of a day is the end of the one before.
    expect(windowBudgetAt(hour, objective, Date.UTC(2026, 0, 6)).events).toBeCloseTo(60, 9)
  })
  test('is unknown without events', () => {
    const budget = windowBudgetAt(new MinuteSeries(), { target: 0.9, window: { kind: 'rolling', days: 1 } }, at)
    expect(budget.events).toBeNull()
    expect(shareOfBudget(5000, budget)).toBeNull()
  })
})

describe('against an oracle that looks at every minute by itself', () => {
  const spans = (prefix: string, most: number) =>
    fc
      .array(fc.tuple(fc.integer({ min: -20 * M, max: 130 * M }), fc.integer({ min: 0, max: 50 * M })), {
        maxLength: most,
      })
      .map((list) =>
        list.map(([from, length], i): LedgerSpan => ({ id: `${prefix}${i}`, from: T0 + from, to: T0 + from + length })),
      )
  const counts = (good: fc.Arbitrary<number>) =>
    fc.array(fc.option(fc.record({ good, bad: fc.oneof(fc.constant(0), fc.constant(0), good) }), { freq: 8 }), {
      minLength: 1,
      maxLength: 120,
    })
  const given = (good: fc.Arbitrary<number>) => ({
    rows: counts(good),
    incidents: spans('i', 4),
    maintenance: spans('m', 3),
    changes: spans('c', 5),
    range: fc.tuple(fc.integer({ min: 0, max: 120 * M }), fc.integer({ min: 0, max: 120 * M })),
    target: fc.constantFrom(0.5, 0.9, 0.99),
  })

  type Rows = ({ good: number; bad: number } | null)[]
  const overlaps = (s: { from: number; to: number }, minute: number) =>
    s.from < s.to && s.from < minute + M && s.to > minute
  function burns(rows: Rows, i: number, target: number): boolean {
    const row = rows[i]
    return row !== null && row !== undefined && row.bad + row.good > 0 && row.bad / (row.good + row.bad) > 1 - target
  }
  /** First minute of the burn that minute i belongs to, by walking: between two burning minutes lie at most five others. */
  function burnStart(rows: Rows, i: number, target: number): number | null {
    let before = i
    while (before >= 0 && i - before <= 6 && !burns(rows, before, target)) before--
    let after = i
    while (after < rows.length && !burns(rows, after, target)) after++
    if (before < 0 || !burns(rows, before, target)) return null
    if (before !== i && (after >= rows.length || after - before > 6)) return null
    for (let start = before; ;) {
      let earlier = start - 1
      while (earlier >= 0 && !burns(rows, earlier, target)) earlier--
      if (earlier < 0 || start - earlier > 6) return start
      start = earlier
    }
  }
  /** Whether the burn that starts there saw at least what the budget allows for the hour before. */
  function isBurn(rows: Rows, start: number, target: number): boolean {
    let [bad, calm] = [0, 0]
    for (let i = start; i < rows.length && calm <= 5; i++) {
      if (burns(rows, i, target)) [bad, calm] = [bad + (rows[i]?.bad ?? 0), 0]
      else calm++
    }
    const hour = rows.slice(Math.max(0, start - 60), start)
    const events = hour.reduce((sum, row) => sum + (row ? row.good + row.bad : 0), 0)
    return bad >= (1 - target) * events
  }
  function causeOf(rows: Rows, i: number, target: number, causes: LedgerCauses): string {
    const minute = T0 + i * M
    for (const list of [causes.incidents, causes.maintenance]) {
      let best: LedgerSpan | undefined
      for (const one of list)
        if (overlaps(one, minute) && (!best || one.from < best.from || (one.from === best.from && one.id < best.id)))
          best = one
      if (best) return best.id
    }
    const start = burnStart(rows, i, target)
    if (start === null || !isBurn(rows, start, target)) return 'unattributed'
    let best: LedgerSpan | undefined
    for (const one of causes.changes) {
      if (!overlaps({ from: one.from, to: one.to + CHANGE_LOOK_BACK_MS }, T0 + start * M)) continue
      if (!best || one.from > best.from || (one.from === best.from && one.id < best.id)) best = one
    }
    return best?.id ?? 'unattributed'
  }

  test('whole events: every cause gets exactly its minutes', () => {
    fc.assert(
      fc.property(fc.record(given(fc.integer({ min: 0, max: 50 }))), ({ rows, range, target, ...causes }) => {
        const minutes = new MinuteSeries()
        for (const [i, row] of rows.entries())
          if (row) minutes.set(T0 + i * M, { good: row.good, total: row.good + row.bad })
        const [from, to] = [T0 + Math.min(...range), T0 + Math.max(...range)]
        const ledger = budgetLedger(minutes, { from, to, target, ...causes })
        // A minute of a burn may be joined by one that comes after the ledger: the oracle sees as much as the ledger.
        const seen = rows.slice(0, Math.ceil((to - T0) / M))
        const expected = new Map<string, bigint>()
        for (const [i, row] of seen.entries()) {
          if (!row || row.bad === 0 || T0 + i * M < from) continue
          const cause = causeOf(seen, i, target, causes)
          expected.set(cause, (expected.get(cause) ?? 0n) + BigInt(row.bad) * 1000n)
        }
        const actual = new Map(
          ledger.entries.filter((e) => e.minutes > 0).map((e) => [e.id ?? 'unattributed', BigInt(e.units)]),
        )
        expect(actual).toEqual(expected)
        expect(BigInt(ledger.units)).toBe([...expected.values()].reduce((a, b) => a + b, 0n))
      }),
      { numRuns: 3000 },
    )
  })

  test('fractions of events: parts sum to the rounded whole, exactly', () => {
    fc.assert(
      fc.property(
        fc.record(given(fc.double({ min: 0, max: 1e6, noNaN: true }))),
        ({ rows, target, range: _range, ...causes }) => {
          const minutes = new MinuteSeries()
          let whole = 0
          for (const [i, row] of rows.entries()) {
            if (!row) continue
            const total = row.good + row.bad
            minutes.set(T0 + i * M, { good: row.good, total })
            whole += total - row.good
          }
          const { entries, units } = budgetLedger(minutes, { from: T0, to: T0 + 200 * M, target, ...causes })
          expect(entries.every((entry) => Number.isSafeInteger(entry.units))).toBe(true)
          expect(entries.reduce((sum, entry) => sum + BigInt(entry.units), 0n)).toBe(BigInt(units))
          expect(units).toBe(Math.round(whole * 1000))
        },
      ),
      { numRuns: 1000 },
    )
  })
})
