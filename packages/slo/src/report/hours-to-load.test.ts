import type { SliSpec } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LedgerSpan } from '../budget-ledger.ts'
import { correctedSpans } from '../corrections.ts'
import { HOUR_MS, MINUTE_MS } from '../minute.ts'
import { countMinutes, hasMinute } from './hour-columns.ts'
import { hourColumnsOf } from './hour-columns.fixture.ts'
import { hoursToLoad } from './hours-to-load.ts'
import { MinuteGrid } from './minute-grid.ts'
import { sloPeriod, type PeriodInput } from './slo-period.ts'
import { versionsInForce, type ReportVersion } from './versions-in-force.ts'

const M0 = Date.UTC(2026, 2, 29) / MINUTE_MS
const at = (minute: number) => (M0 + minute) * MINUTE_MS
const MINUTES = 600
const of = { kind: 'availability', checkId: 'chk_1' } as const
const window = { kind: 'rolling', days: 30 } as const

test('bits of an hour', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 59 })), (minutes) => {
      const half = (from: number) =>
        minutes.filter((minute) => minute >= from && minute < from + 30).reduce((sum, m) => sum + 2 ** (m - from), 0)
      const [low, high] = [half(0), half(30)]
      expect(countMinutes(low, high)).toBe(minutes.length)
      for (let minute = 0; minute < 60; minute++) expect(hasMinute(low, high, minute)).toBe(minutes.includes(minute))
    }),
  )
})

const span = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  from: fc.integer({ min: -50, max: MINUTES }),
  length: fc.nat(90),
})
const spans = fc.array(span, { maxLength: 3 })
const toSpans = (list: { id: string; from: number; length: number }[]): LedgerSpan[] =>
  list.map(({ id, from, length }) => ({ id, from: at(from), to: at(from + length) }))

const world = fc.record({
  // Long stretches of calm, and troubles of different depth here and there.
  rows: fc.array(
    fc.record({
      from: fc.nat(MINUTES - 1),
      length: fc.nat(80),
      total: fc.constantFrom(0, 1, 20, 1000),
      badShare: fc.constantFrom(0, 0, 0, 0.001, 0.05, 0.5, 1),
      version: fc.constantFrom(1, 1, 2),
      revision: fc.constantFrom(1, 1, 1, 4),
    }),
    { minLength: 1, maxLength: 20 },
  ),
  asOf: fc.constantFrom(Infinity, Infinity, 1, 3),
  revised: fc.array(fc.record({ minute: fc.nat(MINUTES - 1), bad: fc.nat(5) }), { maxLength: 3 }),
  changedAt: fc.integer({ min: 60, max: MINUTES }),
  targets: fc.tuple(fc.constantFrom(0.9, 0.99, 0.999), fc.constantFrom(0.9, 0.999)),
  sliceMinutes: fc.constantFrom(0, 0, 1, 4, 5),
  corrections: fc.array(
    fc.record({
      from: fc.nat(MINUTES),
      length: fc.nat(100),
      effect: fc.constantFrom('exclude' as const, 'good' as const),
    }),
    { maxLength: 2 },
  ),
  incidents: spans,
  maintenance: spans,
  changes: spans,
  period: fc.record({ from: fc.nat(400), length: fc.integer({ min: 1, max: 400 }) }),
})

test('a report of hours, and of the minutes that they ask for, is that of all minutes', { timeout: 60_000 }, () => {
  let [loaded, all] = [0, 0]
  fc.assert(
    fc.property(world, (given) => {
      const { rows, revised, asOf, changedAt, targets, sliceMinutes, corrections } = given
      const { incidents, maintenance, changes } = given
      const sli: SliSpec = sliceMinutes === 0 ? of : { kind: 'time_slices', of, sliceMinutes, sliceTarget: 0.95 }
      const versions = targets.map((target, i): ReportVersion => ({
        version: i + 1,
        createdAt: at(i * changedAt),
        sli,
        target,
        window,
        furtherObjectives: [],
      }))
      const slices = [1, 2].map((version) => {
        const known = new Map<number, { minute: number; good: number; total: number; revision: number }>()
        for (const row of rows.filter((one) => one.version === version))
          for (let minute = row.from; minute < Math.min(MINUTES, row.from + row.length); minute++) {
            const total = row.total
            const bad = Math.round(total * row.badShare)
            known.set(minute, { minute: M0 + minute, good: total - bad, total, revision: row.revision })
          }
        const late = revised
          .filter(({ minute }) => known.has(minute))
          .map(({ minute, bad }, i) => ({ minute: M0 + minute, good: 5 - bad, total: 5, revision: 2 + i }))
        return [...known.values(), ...late]
      })
      const { from, length } = given.period
      const to = Math.min(MINUTES, from + length)
      const range = { from: at(0), to: at(to) }
      const corrected = correctedSpans(
        corrections.map((one) => ({
          id: 'c',
          effect: one.effect,
          startsAt: at(one.from),
          endsAt: at(one.from + one.length),
          rrule: null,
          timeZone: 'UTC',
          outside: false,
        })),
        range,
      )
      const inForce = versionsInForce(versions, { from: at(from), to: at(to) }, null)
      const causes = { incidents: toSpans(incidents), maintenance: toSpans(maintenance), changes: toSpans(changes) }
      const columnsOf = (version: number, wanted = (_hour: number) => true) => {
        const kept = (slices[version - 1] ?? []).filter(
          ({ minute, revision }) =>
            revision <= asOf && minute * MINUTE_MS < range.to && wanted(Math.floor(minute / 60)),
        )
        return {
          minute: kept.map(({ minute }) => minute),
          good: kept.map(({ good }) => good),
          total: kept.map(({ total }) => total),
          revision: kept.map(({ revision }) => revision),
        }
      }
      const report = (gridOf: (version: ReportVersion) => MinuteGrid) => {
        const input: PeriodInput = {
          inForce,
          minutesOf: (version) => {
            const measured = gridOf(version)
            return { measured, counted: measured.corrected(corrected).counted(version.sli, range.to) }
          },
          corrected,
          causesOf: () => causes,
        }
        return sloPeriod(input)
      }
      const whole = report(({ version }) => MinuteGrid.of(columnsOf(version), range))
      const byHours = report(({ version, target }) => {
        // Whole hours, as the store keeps them.
        const stored = (slices[version - 1] ?? []).filter(({ minute }) => Math.floor(minute / 60) * HOUR_MS < range.to)
        const hours = hourColumnsOf(stored, (1 - target) * (1 - 1e-12), asOf)
        const wanted = hoursToLoad(hours, {
          sli,
          cuts: [...inForce, ...corrected].flatMap((one) => [one.from, one.to]),
          spans: [...causes.incidents, ...causes.maintenance],
          changes: causes.changes,
        })
        loaded += wanted.size
        all += hours.hour.length
        return MinuteGrid.ofHours(
          hours,
          wanted,
          columnsOf(version, (hour) => wanted.has(hour)),
          range,
        )
      })
      expect(byHours).toEqual(whole)
    }),
    { numRuns: 500 },
  )
  // Otherwise it shows nothing.
  expect(loaded).toBeGreaterThan(500)
  expect(loaded).toBeLessThan(all * 0.9)
})
