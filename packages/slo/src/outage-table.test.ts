import { burnRateCondition, type RuleVerdict } from '@nines/contracts'
import { expect, test } from 'vitest'
import { evaluateRules } from './evaluate-rules.ts'
import { DAY_MS, MINUTE_MS, minuteOf } from './minute.ts'
import { MinuteSeries } from './minute-series.ts'

const MONTH = { kind: 'rolling', days: 30 } as const

const TICK_MS = 1000
const EVENTS_PER_TICK = 10
const START = Date.UTC(2026, 4, 1)
const PAIRS = [
  { longSeconds: 3600, shortSeconds: 300, factor: 14.4, firesAfter: 51.84 },
  { longSeconds: 21_600, shortSeconds: 1800, factor: 6, firesAfter: 129.6 },
  { longSeconds: 86_400, shortSeconds: 7200, factor: 3, firesAfter: 259.2 },
  { longSeconds: 259_200, shortSeconds: 21_600, factor: 1, firesAfter: 259.2 },
]

/** Thirty good days at ten events a second, then ticks that are all bad from one instant to another. */
function simulate(pair: (typeof PAIRS)[number], outage: { from: number; to: number }, until: number) {
  const minutes = new MinuteSeries()
  for (let minute = START - 30 * DAY_MS; minute < START; minute += MINUTE_MS)
    minutes.set(minute, { good: 600, total: 600 })
  const { longSeconds, shortSeconds, factor } = pair
  const condition = burnRateCondition.parse({ kind: 'burn_rate', pairs: [{ longSeconds, shortSeconds, factor }] })
  const slo = {
    sloId: 'slo_1',
    version: 1,
    target: 0.999,
    window: MONTH,
    furtherObjectives: [],
    rules: [{ id: 'rule_1', condition }],
  }
  const changes: { at: number; verdict: RuleVerdict }[] = []
  let last: RuleVerdict = 'false'
  for (let at = START; at <= until; at += TICK_MS) {
    // The events of (at - tick, at].
    if (at > START) {
      const isBad = at - TICK_MS >= outage.from && at - TICK_MS < outage.to
      minutes.add(minuteOf(at - 1), isBad ? 0 : EVENTS_PER_TICK, EVENTS_PER_TICK)
    }
    const [result] = evaluateRules(minutes, slo, at)
    const verdict = result?.verdict ?? 'no_data'
    if (verdict !== last) changes.push({ at, verdict })
    last = verdict
  }
  return changes
}

test.each(PAIRS)(
  'total outage at 99.9 %: $factor over $longSeconds s fires after $firesAfter s',
  (pair) => {
    const changes = simulate(pair, { from: START, to: Infinity }, START + 400_000)
    expect(changes.map((change) => change.verdict)).toEqual(['true'])
    const firedAfter = ((changes[0]?.at ?? 0) - START) / 1000
    expect(firedAfter).toBeGreaterThanOrEqual(pair.firesAfter)
    expect(firedAfter - pair.firesAfter).toBeLessThan(TICK_MS / 1000)
  },
  20_000,
)

test('the fast pair clears 4 min 55.68 s after the outage ends on a minute', () => {
  const [fast] = PAIRS
  if (!fast) throw new Error('no pairs')
  const end = START + 10 * MINUTE_MS
  const changes = simulate(fast, { from: START, to: end }, end + 400_000)
  expect(changes.map((change) => change.verdict)).toEqual(['true', 'false'])
  const clearedAfter = ((changes[1]?.at ?? 0) - end) / 1000
  expect(clearedAfter).toBeGreaterThanOrEqual(295.68)
  expect(clearedAfter).toBeLessThan(296.68)
})

test('an outage that begins within a minute fires at the same instant', () => {
  const [fast] = PAIRS
  if (!fast) throw new Error('no pairs')
  const from = START + 23_000
  const changes = simulate(fast, { from, to: Infinity }, from + 100_000)
  expect(((changes[0]?.at ?? 0) - from) / 1000).toBe(52)
})
