import { burnRateCondition, type DataState } from '@nines/contracts'
import { expect, test } from 'vitest'
import { exhaustionSeconds } from './error-budget.ts'
import { evaluateRules, type SloTerms } from './evaluate-rules.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from './minute.ts'
import { MinuteSeries } from './minute-series.ts'
import { sloStatusAt } from './slo-status.ts'

const NOW = Date.UTC(2026, 6, 1, 12)
const condition = burnRateCondition.parse({
  kind: 'burn_rate',
  pairs: [{ longSeconds: 7200, shortSeconds: 600, factor: 14.4 }],
})
const slo: SloTerms = {
  sloId: 'slo_1',
  version: 3,
  target: 0.99,
  window: { kind: 'rolling', days: 30 },
  furtherObjectives: [],
  rules: [{ id: 'rule_1', condition }],
}
const status = (minutes: MinuteSeries) => sloStatusAt(minutes, slo, evaluateRules(minutes, slo, NOW), NOW)
const minutesOf = (rows: [minutesAgo: number, good: number, total: number][]) => {
  const minutes = new MinuteSeries()
  for (const [ago, good, total] of rows) minutes.set(NOW - ago * MINUTE_MS, { good, total })
  return minutes
}

test.each<[string, [number, number, number][], DataState]>([
  ['nothing ever', [], 'unmeasured'],
  ['events now', [[1, 10, 10]], 'good'],
  [
    'measured, events eleven minutes ago',
    [
      [1, 0, 0],
      [11, 10, 10],
    ],
    'idle',
  ],
  ['measured, no event ever', [[1, 0, 0]], 'idle'],
  ['no measurement for eleven minutes', [[11, 10, 10]], 'unmeasured'],
  [
    'budget spent long ago, good since',
    [
      [1, 10, 10],
      [5000, 0, 10],
    ],
    'bad',
  ],
  [
    'a rule is true though budget is left',
    [
      [1, 0, 10],
      [700, 9990, 9990],
    ],
    'bad',
  ],
  ['budget spent and silent', [[5000, 0, 10]], 'bad'],
])('%s: %s', (_what, rows, expected) => {
  expect(status(minutesOf(rows)).state).toBe(expected)
})

test('a rule that is true makes the state bad only with enough history', () => {
  const minutes = minutesOf([
    [1, 0, 10],
    [20, 9990, 9990],
  ])
  expect(status(minutes).state).toBe('good')
})

test('figures of a status, unrounded', () => {
  const minutes = new MinuteSeries()
  for (let i = 1; i <= 60; i++) minutes.set(NOW - i * MINUTE_MS, { good: 98, total: 100 })
  minutes.set(NOW - DAY_MS, { good: 4000, total: 4000 })
  minutes.set(NOW - 31 * DAY_MS, { good: 0, total: 1_000_000 })
  const found = status(minutes)
  expect(found).toMatchObject({
    sloId: 'slo_1',
    version: 3,
    at: NOW,
    good: 9880,
    total: 10_000,
    target: 0.99,
    window: { kind: 'rolling', days: 30 },
  })
  expect(found.sli).toBe(0.988)
  expect(found.budgetRemaining).toBeCloseTo(-0.2, 12)
  expect(found.exhaustionSeconds).toBe(0)
  expect(found.lastEventAt).toBe(NOW - MINUTE_MS)
  expect(found.burns.map((b) => b.windowSeconds)).toEqual([300, 600, 3600, 7200, 21_600, 86_400])
  expect(found.burns[0]).toMatchObject({ good: 490, total: 500 })
  expect(found.burns[0]?.burnRate).toBeCloseTo(2, 12)
})

test('no events: no SLI, no budget, no burn', () => {
  const found = status(new MinuteSeries())
  expect(found).toMatchObject({
    sli: null,
    budgetRemaining: null,
    exhaustionSeconds: null,
    lastEventAt: null,
    total: 0,
  })
  expect(found.burns.every((burn) => burn.burnRate === null)).toBe(true)
})

test.each([
  { remaining: 0.5, burn: 2, days: 30, expected: 7.5 * 86_400 },
  { remaining: 1, burn: 1000, days: 30, expected: 2592 },
  { remaining: 0, burn: 2, days: 30, expected: 0 },
  { remaining: -0.3, burn: null, days: 30, expected: 0 },
  { remaining: 0.5, burn: 0, days: 30, expected: null },
  { remaining: 0.5, burn: -1, days: 30, expected: null },
  { remaining: 0.5, burn: null, days: 30, expected: null },
  { remaining: null, burn: 3, days: 30, expected: null },
])('$remaining left at burn $burn lasts $expected s', ({ remaining, burn, days, expected }) => {
  expect(exhaustionSeconds(remaining, burn, days * 86_400)).toBe(expected)
})

test('the oldest minute counts by its fraction inside the window', () => {
  const minutes = new MinuteSeries()
  minutes.set(NOW - HOUR_MS, { good: 0, total: 120 })
  const at = (offsetMs: number) =>
    sloStatusAt(minutes, slo, [], NOW + offsetMs).burns.find((b) => b.windowSeconds === 3600)?.total
  expect(at(0)).toBe(120)
  expect(at(15_000)).toBe(90)
  expect(at(59_000)).toBe(2)
  expect(at(60_000)).toBe(0)
})
