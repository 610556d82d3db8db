import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { historyPoints } from './history-points.ts'
import { MinuteSeries } from './minute-series.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from './minute.ts'
import { explainObjective } from './explain-objective.ts'
import { objectiveStatusAt } from './objective-status.ts'

const CHECK = { kind: 'availability' as const, checkId: 'chk_1' }

const MONTH = { kind: 'calendar', unit: 'month', zone: 'UTC' } as const
const START = Date.UTC(2026, 10, 1)
const objective = { target: 0.99, window: MONTH }

/** A hundred events a minute since the start, all bad in the given minutes. */
function traffic(until: number, isBad: (minute: number) => boolean): MinuteSeries {
  const minutes = new MinuteSeries()
  for (let at = START - DAY_MS; at < until; at += MINUTE_MS) {
    const isBefore = at < START
    minutes.set(at, { good: isBefore || isBad(at) ? 0 : 100, total: 100 })
  }
  return minutes
}

test('a period of the calendar counts from its first minute, whatever was before', () => {
  const now = START + 10 * DAY_MS
  // 72 minutes of outage: a sixth of the 432 that a month of 30 days allows at 99 %, half of what ten days do.
  const minutes = traffic(now, (at) => at >= START + DAY_MS && at < START + DAY_MS + 72 * MINUTE_MS)
  const status = objectiveStatusAt(minutes, objective, now)
  expect(status).toMatchObject({ from: START, to: Date.UTC(2026, 11, 1), total: 1_440_000, good: 1_432_800 })
  expect(status.sli).toBe(1_432_800 / 1_440_000)
  expect(status.budgetRemaining).toBeCloseTo(5 / 6, 12)
  expect(status.budgetRemainingToDate).toBeCloseTo(1 / 2, 12)
  const { figures } = explainObjective(minutes, [], objective, now)
  expect(figures.find(({ id }) => id === 'budget')?.value).toBeCloseTo(43_200, 6)
})

test('a budget that outlasts the period is not going to be spent; one that does not says when', () => {
  const now = START + 20 * DAY_MS
  const tenth = traffic(now, (at) => (at / MINUTE_MS) % 1000 === 0)
  expect(objectiveStatusAt(tenth, objective, now).exhaustionSeconds).toBeNull()
  const outage = traffic(now, (at) => at >= now - HOUR_MS)
  const { budgetRemaining, exhaustionSeconds } = objectiveStatusAt(outage, objective, now)
  expect(exhaustionSeconds).toBeCloseTo(((budgetRemaining ?? 0) * 30 * 86_400) / 100, 6)
})

test('at the first instant of a period nothing is known', () => {
  const status = objectiveStatusAt(
    traffic(START, () => false),
    objective,
    START,
  )
  expect(status).toMatchObject({ from: START, total: 0, sli: null, budgetRemaining: null, exhaustionSeconds: null })
})

test('a rolling window has one budget', () => {
  const now = START + 3 * DAY_MS
  const minutes = traffic(now, (at) => at >= now - 30 * MINUTE_MS)
  const status = objectiveStatusAt(minutes, { target: 0.9, window: { kind: 'rolling', days: 2 } }, now)
  expect(status.budgetRemaining).toBe(status.budgetRemainingToDate)
  expect(status.budgetRemaining).toBeCloseTo(1 - 30 / 288, 12)
})

test('the burn-down of a calendar window says what the status said at each of its instants', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ minute: fc.integer({ min: 0, max: 3 * 1440 - 1 }), bad: fc.nat(100) }), { maxLength: 40 }),
      fc.constantFrom('day' as const, 'week' as const, 'month' as const),
      (bad, unit) => {
        const window = { kind: 'calendar' as const, unit, zone: 'UTC' }
        const from = START
        const to = START + 3 * DAY_MS
        const slices = bad.map(({ minute, bad: failed }, i) => {
          const at = START + minute * MINUTE_MS
          return { sloId: 's', version: 1, minute: at, good: 100 - failed, total: 100, expected: 0, revision: i + 1 }
        })
        const minutes = new MinuteSeries()
        for (const { minute, good, total } of slices) minutes.set(minute, { good, total })
        for (const point of historyPoints(slices, {
          sli: CHECK,
          from,
          to,
          stepSeconds: 5 * 3600,
          target: 0.99,
          window,
        })) {
          // An instant before the edge, so that both speak of the period that ends there.
          const status = objectiveStatusAt(minutes, { target: 0.99, window }, point.at - 1)
          if (status.budgetRemaining === null) expect(point.budgetRemaining).toBeNull()
          else expect(point.budgetRemaining).toBeCloseTo(status.budgetRemaining, 5)
        }
      },
    ),
  )
})
