import type { RuleVerdict } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluateRules, ruleVerdict } from './evaluate-rules.ts'
import { MINUTE_MS } from './minute.ts'
import { MinuteSeries } from './minute-series.ts'
import { oracleWindow } from './slo-oracle.fixture.ts'

const MONTH = { kind: 'rolling', days: 30 } as const

const NOW = Date.UTC(2026, 6, 1, 12)
const pair = { longSeconds: 3600, shortSeconds: 300, factor: 14.4 }

function verdictOf(minutes: MinuteSeries, minBadEvents = 1, target = 0.999): RuleVerdict {
  const condition = { kind: 'burn_rate' as const, pairs: [pair], forSeconds: 0, resolveAfterSeconds: 60, minBadEvents }
  const slo = {
    sloId: 'slo_1',
    version: 2,
    target,
    window: MONTH,
    furtherObjectives: [],
    rules: [{ id: 'rule_1', condition }],
  }
  return evaluateRules(minutes, slo, NOW)[0]?.verdict ?? 'no_data'
}

/** The last `count` whole minutes before NOW, oldest last. */
function recent(count: number, good: number, total: number, from = 1): MinuteSeries {
  const minutes = new MinuteSeries()
  for (let i = from; i < from + count; i++) minutes.set(NOW - i * MINUTE_MS, { good, total })
  return minutes
}

test.each<[string, MinuteSeries, RuleVerdict]>([
  ['nothing measured', new MinuteSeries(), 'no_data'],
  ['four minutes of history, all bad', recent(4, 0, 10), 'no_data'],
  ['five minutes of history, all bad', recent(5, 0, 10), 'true'],
  ['five minutes, all good', recent(5, 10, 10), 'false'],
  ['measured, no events', recent(60, 0, 0), 'no_data'],
  ['bad for an hour, silent for five minutes', recent(55, 0, 10, 6), 'no_data'],
  ['burning at 14.3', recent(60, 10_000 - 143, 10_000), 'false'],
  ['burning at 14.5', recent(60, 10_000 - 145, 10_000), 'true'],
])('%s: %s', (_what, minutes, expected) => {
  expect(verdictOf(minutes)).toBe(expected)
})

test('a long window with too few bad events is false, not true', () => {
  const minutes = recent(60, 10, 10)
  minutes.set(NOW - MINUTE_MS, { good: 8, total: 10 })
  expect(verdictOf(minutes, 2, 0.9999)).toBe('true')
  expect(verdictOf(minutes, 3, 0.9999)).toBe('false')
})

test.each<[RuleVerdict[], RuleVerdict]>([
  [['true', 'no_data'], 'true'],
  [['false', 'true'], 'true'],
  [['false', 'no_data'], 'false'],
  [['no_data', 'no_data'], 'no_data'],
])('pairs %j make %s', (pairs, expected) => {
  expect(ruleVerdict(pairs)).toBe(expected)
})

test('evidence holds the burns an oracle finds, and its verdict follows from them', () => {
  const slice = fc.record({
    minute: fc.integer({ min: -90, max: 2 }).map((i) => NOW + i * MINUTE_MS),
    bad: fc.integer({ min: 0, max: 40 }),
    total: fc.integer({ min: 40, max: 1000 }),
  })
  fc.assert(
    fc.property(
      fc.array(slice),
      fc.integer({ min: 0, max: 59_999 }),
      fc.constantFrom(0.9, 0.99, 0.999),
      (slices, offset, target) => {
        const minutes = new MinuteSeries()
        const plain = new Map<number, [number, number]>()
        for (const { minute, bad, total } of slices) {
          minutes.set(minute, { good: total - bad, total })
          plain.set(minute, [total - bad, total])
        }
        const now = NOW + offset
        const condition = {
          kind: 'burn_rate' as const,
          pairs: [pair],
          forSeconds: 0,
          resolveAfterSeconds: 60,
          minBadEvents: 1,
        }
        const slo = {
          sloId: 'slo_1',
          version: 1,
          target,
          window: MONTH,
          furtherObjectives: [],
          rules: [{ id: 'rule_1', condition }],
        }
        const evidence = evaluateRules(minutes, slo, now)[0]?.evidence.pairs[0]
        for (const window of [evidence?.long, evidence?.short]) {
          if (!window) throw new Error('no evidence')
          const [good, total] = oracleWindow(plain, now, window.windowSeconds)
          expect(window.total).toBeCloseTo(total, 6)
          if (total === 0) expect(window.burnRate).toBeNull()
          else expect(Math.abs((window.burnRate ?? NaN) - (1 - good / total) / (1 - target))).toBeLessThan(1e-9)
        }
      },
    ),
  )
})
