import type { BurnRateCondition } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultAlertRules } from './default-alert-rules.ts'
import { evaluateRules } from './evaluate-rules.ts'
import { MINUTE_MS, minuteOf } from './minute.ts'
import { MinuteSeries } from './minute-series.ts'
import { nextLookAt } from './next-look.ts'

const NOW = Date.UTC(2026, 10, 27, 12)
const PLAIN = { silenceSeconds: 600, isByTimeSlices: false }
const HOURS = 75

/** Counts of every minute of the last days, the newest in the minute before NOW. */
function minutesOf(countsOf: (minutesAgo: number) => { good: number; total: number } | null): MinuteSeries {
  const minutes = new MinuteSeries()
  for (let ago = HOURS * 60; ago > 0; ago--) {
    const counts = countsOf(ago)
    if (counts) minutes.set(NOW - ago * MINUTE_MS, counts)
  }
  return minutes
}

const slo = {
  sloId: 'slo',
  version: 1,
  target: 0.999,
  window: { kind: 'rolling' as const, days: 30 },
  furtherObjectives: [],
  rules: defaultAlertRules({ target: 0.999, window: { kind: 'rolling', days: 30 } }).map((rule) => ({
    id: rule.name,
    condition: rule.condition,
  })),
}
const resultsAt = (minutes: MinuteSeries, now: number) =>
  evaluateRules(minutes, slo, now, { heard: { since: 0, until: now } })
const lookAfter = (minutes: MinuteSeries, now: number) => (nextLookAt(resultsAt(minutes, now), now, PLAIN) - now) / 1000

test('a healthy SLO can wait; one that burns, or burns at half of a factor, is looked at every second', () => {
  expect(
    lookAfter(
      minutesOf(() => ({ good: 1_000, total: 1_000 })),
      NOW,
    ),
  ).toBe(20)
  expect(
    lookAfter(
      minutesOf(() => ({ good: 9_996, total: 10_000 })),
      NOW,
    ),
  ).toBe(20)
  // 0.6 of the ticket's slow pair, whose factor is 1.
  expect(
    lookAfter(
      minutesOf(() => ({ good: 9_994, total: 10_000 })),
      NOW,
    ),
  ).toBe(1)
  expect(
    lookAfter(
      minutesOf((ago) => ({ good: ago < 60 ? 0 : 10, total: 10 })),
      NOW,
    ),
  ).toBe(1)
})

test('an SLO that was never measured can wait', () => {
  expect(lookAfter(new MinuteSeries(), NOW)).toBe(20)
})

test('silence is noticed when its time comes, though nothing arrives', () => {
  const minutes = minutesOf(() => ({ good: 1_000, total: 1_000 }))
  // Ten minutes after the end of the newest minute burn-rate rules say nothing any more, after fifteen one speaks up.
  expect(lookAfter(minutes, NOW + 595_000)).toBe(5)
  expect(lookAfter(minutes, NOW + 600_000)).toBe(20)
  expect(lookAfter(minutes, NOW + 890_000)).toBe(10)
  expect(lookAfter(minutes, NOW + 900_000)).toBe(20)
  // What was received is known up to a second ago only: whether there is silence shows soon.
  const results = evaluateRules(minutes, slo, NOW + 900_000, { heard: { since: 0, until: NOW + 899_000 } })
  expect(nextLookAt(results, NOW + 900_000, PLAIN)).toBe(NOW + 901_000)
})

test('slices of time are judged when they end', () => {
  const results = resultsAt(new MinuteSeries(), NOW + 50_000)
  expect(nextLookAt(results, NOW + 50_000, { ...PLAIN, isByTimeSlices: true })).toBe(NOW + MINUTE_MS)
})

test('where traffic is steady, no rule changes to true between two looks', () => {
  const rate = fc.integer({ min: 0, max: 30 })
  fc.assert(
    fc.property(fc.array(rate, { minLength: 12, maxLength: 12 }), fc.integer({ min: 0, max: 59 }), (bads, second) => {
      // Bad events of the last hours, a number a stretch of five minutes.
      const minutes = minutesOf((ago) => ({ good: 1_000 - (bads[Math.floor(ago / 5)] ?? 0), total: 1_000 }))
      // In the open minute windows go on moving.
      minutes.set(NOW, { good: 1_000 - (bads[0] ?? 0), total: 1_000 })
      const now = NOW + second * 1000
      const until = nextLookAt(resultsAt(minutes, now), now, PLAIN)
      const truths = (at: number) => resultsAt(minutes, at).map(({ verdict }) => verdict === 'true')
      const before = truths(now)
      for (let at = now + 1000; at < until; at += 1000) expect([at - now, truths(at)]).toEqual([at - now, before])
    }),
    { numRuns: 100 },
  )
})

test('a factor that is nearly met on both windows counts as near, on one alone it does not', () => {
  const condition: BurnRateCondition = {
    kind: 'burn_rate',
    pairs: [{ longSeconds: 3600, shortSeconds: 300, factor: 10 }],
    match: 'any',
    forSeconds: 0,
    resolveAfterSeconds: 60,
    clearBelow: 1,
    minBadEvents: 1,
    significance: null,
  }
  const own = { ...slo, rules: [{ id: 'page', condition }] }
  const look = (bad: (ago: number) => number) => {
    const minutes = minutesOf((ago) => ({ good: 1_000 - bad(ago), total: 1_000 }))
    return (nextLookAt(evaluateRules(minutes, own, minuteOf(NOW)), NOW, PLAIN) - NOW) / 1000
  }
  expect(look(() => 6)).toBe(1)
  expect(look((ago) => (ago <= 5 ? 0 : 6))).toBe(20)
})
