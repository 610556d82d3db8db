import type { BudgetReading } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { oracleCrossings } from './budget-steps-oracle.fixture.ts'
import {
  advanceBudget,
  NO_BUDGET_STEPS,
  stepVerdict,
  withdrawSteps,
  type BudgetCrossing,
  type BudgetMachine,
  type BudgetTerms,
} from './budget-steps.ts'

const T0 = Date.UTC(2026, 0, 1)
const PERIOD_MS = 100_000
const CALENDAR = { kind: 'calendar', unit: 'month', zone: 'UTC' } as const
const ROLLING = { kind: 'rolling', days: 30 } as const
/** Eighths, so that no sum of them is rounded. */
const eighths = fc.integer({ min: -4, max: 8 }).map((n) => n / 8)

const objectiveAt = (at: number, objective: number, budgetRemaining: number | null) => {
  // The second objective goes by periods of 100 s.
  const from = T0 + Math.floor((at - T0) / PERIOD_MS) * PERIOD_MS
  const span = objective === 1 ? { window: CALENDAR, from, to: from + PERIOD_MS } : { window: ROLLING, from: 0, to: at }
  return { objective, target: 0.999, ...span, budgetRemaining }
}

const reading = fc
  .record({
    offset: fc.integer({ min: 1, max: 600 }),
    version: fc.constantFrom(1, 1, 1, 2),
    isMeasured: fc.constantFrom(true, true, true, false),
    left: fc.array(fc.option(eighths, { freq: 8 }), { minLength: 1, maxLength: 3 }),
  })
  .map(({ offset, version, isMeasured, left }): BudgetReading => {
    const at = T0 + offset * 1000
    return { at, version, isMeasured, objectives: left.map((budget, index) => objectiveAt(at, index, budget)) }
  })
const terms = fc.record({
  steps: fc
    .uniqueArray(fc.integer({ min: -2, max: 7 }), { minLength: 1, maxLength: 4 })
    .map((list) => list.map((n) => ({ budgetLeftBelow: n / 8 }))),
  margin: fc.constantFrom(0, 1 / 16, 1 / 8, 1 / 2),
  objective: fc.constantFrom(null, 0, 1),
})

function walk(readings: readonly BudgetReading[], given: BudgetTerms, start = NO_BUDGET_STEPS) {
  let machine: BudgetMachine = start
  const crossings = readings.flatMap((one) => {
    const next = advanceBudget(machine, given, one)
    machine = next.machine
    return next.crossings
  })
  return { machine, crossings }
}
const line = ({ at, objective, budgetLeftBelow, kind, cause }: BudgetCrossing) =>
  [at, objective, budgetLeftBelow, kind, cause].join(' ')

test('crossings are those of an oracle written apart, whatever arrives late, twice or out of order', () => {
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 40 }), terms, (readings, given) => {
      const { crossings } = walk(readings, given)
      const thresholds = given.steps.map((step) => step.budgetLeftBelow)
      expect(crossings.map(line).toSorted()).toEqual(oracleCrossings(readings, { ...given, thresholds }))
    }),
    { numRuns: 2_000 },
  )
})

test('said again, or told of the past, nothing is crossed and the machine is the same', () => {
  fc.assert(
    fc.property(fc.array(reading, { minLength: 1, maxLength: 20 }), reading, terms, (readings, other, given) => {
      const { machine } = walk(readings, given)
      const late = { ...other, at: Math.min(other.at, machine.at) }
      for (const again of [...readings, late]) {
        const next = advanceBudget(machine, given, again)
        if (again.at <= machine.at) expect(next).toEqual({ machine, crossings: [] })
        if (again.at <= machine.at) expect(next.machine).toBe(machine)
      }
    }),
  )
})

test('every step is entered and left in turn', () => {
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 40 }), terms, (readings, given) => {
      const isIn = new Map<string, boolean>()
      for (const { objective, budgetLeftBelow, kind } of walk(readings, given).crossings) {
        const key = `${objective} ${budgetLeftBelow}`
        expect(isIn.get(key) ?? false).toBe(kind === 'left')
        isIn.set(key, kind === 'entered')
      }
    }),
  )
})

test('readings that say it clearly are forgotten with the next: only the newest counts', () => {
  const clear = fc.array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.constantFrom(-1, 1)), { minLength: 1 })
  fc.assert(
    fc.property(clear, terms, (list, given) => {
      const readings = list.map(([offset, left]): BudgetReading => {
        const at = T0 + offset * 1000
        return { at, version: 1, isMeasured: true, objectives: [objectiveAt(at, 0, left)] }
      })
      const newest = readings.reduce((a, b) => (b.at > a.at ? b : a))
      const isBelow = newest.objectives[0]?.budgetRemaining === -1
      const { machine } = walk(readings, given)
      expect(machine.entered.length > 0).toBe(isBelow && given.objective !== 1)
    }),
  )
})

test('an untouched budget leaves every step, however wide the margin', () => {
  expect(stepVerdict(1, { budgetLeftBelow: 0.97, margin: 0.5, isMeasured: true })).toBe('above')
  expect(stepVerdict(0.999, { budgetLeftBelow: 0.97, margin: 0.5, isMeasured: true })).toBe('between')
})

test.each([
  [0.25, 'below'],
  [0.2500001, 'between'],
  [0.3, 'between'],
  [0.3000001, 'above'],
  [-3, 'below'],
  [null, 'unknown'],
] as const)('a quarter with a margin of 0.05: %j left is %s', (left, verdict) => {
  expect(stepVerdict(left, { budgetLeftBelow: 0.25, margin: 0.05, isMeasured: true })).toBe(verdict)
  expect(stepVerdict(left, { budgetLeftBelow: 0.25, margin: 0.05, isMeasured: false })).toBe('unknown')
})

const given: BudgetTerms = { steps: [{ budgetLeftBelow: 0.5 }, { budgetLeftBelow: 0 }], margin: 0.05, objective: 1 }
const at = (seconds: number, left: number | null, isMeasured = true): BudgetReading => {
  const now = T0 + seconds * 1000
  return { at: now, version: 1, isMeasured, objectives: [objectiveAt(now, 0, 1), objectiveAt(now, 1, left)] }
}

test('missing data neither enters nor leaves; a new period leaves all the same and judges the new budget', () => {
  const spent = walk([at(10, -1), at(20, 1, false), at(30, null)], given)
  expect(spent.machine.entered).toEqual([
    { objective: 1, budgetLeftBelow: 0.5, since: T0 + 10_000 },
    { objective: 1, budgetLeftBelow: 0, since: T0 + 10_000 },
  ])
  const silent = advanceBudget(spent.machine, given, at(105, null, false))
  expect(silent.crossings.map(line)).toEqual([
    `${T0 + PERIOD_MS} 1 0.5 left period`,
    `${T0 + PERIOD_MS} 1 0 left period`,
  ])
  const burnt = advanceBudget(spent.machine, given, at(130, 0.4))
  expect(burnt.crossings.map(line).slice(1)).toEqual([
    `${T0 + PERIOD_MS} 1 0 left period`,
    `${T0 + 130_000} 1 0.5 entered budget`,
  ])
})

test('steps that a policy no longer has, or whose objective it no longer watches, are withdrawn', () => {
  const { machine } = walk([at(10, -1)], given)
  const fewer = withdrawSteps(machine, { ...given, steps: [{ budgetLeftBelow: 0 }] }, T0 + 20_000)
  expect(fewer.crossings.map(line)).toEqual([`${T0 + 20_000} 1 0.5 left policy`])
  expect(fewer.machine.entered).toHaveLength(1)
  expect(withdrawSteps(machine, { ...given, objective: 0 }, T0).machine.entered).toEqual([])
  expect(withdrawSteps(machine, null, T0).crossings).toHaveLength(2)
  expect(withdrawSteps(machine, given, T0)).toEqual({ machine, crossings: [] })
})
