import { burnRateCondition, type AlertCondition, type BurnRatePair, type RuleVerdict } from '@nines/contracts'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluateRules, SILENCE_SECONDS } from './evaluate-rules.ts'
import { MINUTE_MS } from './minute.ts'
import { MinuteSeries } from './minute-series.ts'
import { oracleWindow } from './slo-oracle.fixture.ts'

const NOW = Date.UTC(2026, 6, 1, 12)
const pair = { longSeconds: 3600, shortSeconds: 300, factor: 14.4 }
const condition = (change: object = {}) => burnRateCondition.parse({ kind: 'burn_rate', pairs: [pair], ...change })

function resultAt(minutes: MinuteSeries, rule: AlertCondition = condition(), { target = 0.999, now = NOW } = {}) {
  const slo = {
    sloId: 'slo_1',
    version: 2,
    target,
    window: { kind: 'rolling' as const, days: 30 },
    furtherObjectives: [],
    rules: [{ id: 'rule_1', condition: rule }],
  }
  const [result] = evaluateRules(minutes, slo, now)
  if (!result) throw new Error('a rule says something')
  return result
}
const verdictOf = (...given: Parameters<typeof resultAt>): RuleVerdict => resultAt(...given).verdict

/** `count` whole minutes that end `before` minutes before NOW, oldest last. */
function recent(count: number, good: number, total: number, before = 0): MinuteSeries {
  return put(new MinuteSeries(), count, good, total, before)
}

function put(minutes: MinuteSeries, count: number, good: number, total: number, before = 0): MinuteSeries {
  for (let i = before + 1; i <= before + count; i++) minutes.set(NOW - i * MINUTE_MS, { good, total })
  return minutes
}

test.each<[string, MinuteSeries, RuleVerdict]>([
  ['nothing measured', new MinuteSeries(), 'no_data'],
  ['an hour less a minute of history, all bad', recent(59, 0, 10), 'no_data'],
  ['an hour of history, all bad', recent(60, 0, 10), 'true'],
  ['an hour, all good', recent(60, 10, 10), 'false'],
  ['measured, no events', recent(60, 0, 0), 'no_data'],
  ['bad for an hour, then measured without events for five minutes', put(recent(60, 0, 10, 5), 5, 0, 0), 'no_data'],
  ['burning at 14.3', recent(60, 10_000 - 143, 10_000), 'false'],
  ['burning at 14.5', recent(60, 10_000 - 145, 10_000), 'true'],
])('%s: %s', (_what, minutes, expected) => {
  expect(verdictOf(minutes)).toBe(expected)
})

describe('pairs', () => {
  const sixHours: BurnRatePair = { longSeconds: 21_600, shortSeconds: 1800, factor: 6 }
  const lenient: BurnRatePair = { ...pair, factor: 2 }

  test('any: a pair too young is left out; all: it is missing', () => {
    const burning = recent(90, 0, 10)
    expect(verdictOf(burning, condition({ pairs: [pair, sixHours] }))).toBe('true')
    expect(verdictOf(burning, condition({ pairs: [pair, sixHours], match: 'all' }))).toBe('no_data')
    expect(verdictOf(recent(90, 10, 10), condition({ pairs: [pair, sixHours] }))).toBe('false')
    expect(resultAt(burning, condition({ pairs: [sixHours] })).evidence).toMatchObject({
      pairs: [{ verdict: 'young' }],
    })
  })

  test('all is true only when every pair is', () => {
    const slow = recent(60, 10_000 - 50, 10_000)
    expect(verdictOf(slow, condition({ pairs: [pair, lenient] }))).toBe('true')
    expect(verdictOf(slow, condition({ pairs: [pair, lenient], match: 'all' }))).toBe('false')
    expect(verdictOf(recent(60, 0, 10), condition({ pairs: [pair, lenient], match: 'all' }))).toBe('true')
  })

  test('between the factor and where it clears a pair is holding', () => {
    const hysteresis = condition({ clearBelow: 0.9 })
    expect(verdictOf(recent(60, 10_000 - 145, 10_000), hysteresis)).toBe('true')
    expect(verdictOf(recent(60, 10_000 - 143, 10_000), hysteresis)).toBe('holding')
    expect(verdictOf(recent(60, 10_000 - 129, 10_000), hysteresis)).toBe('false')
  })
})

describe('low traffic', () => {
  test('a burn of too few bad events is holding, neither true nor false', () => {
    const minutes = recent(60, 10, 10)
    minutes.set(NOW - MINUTE_MS, { good: 8, total: 10 })
    expect(verdictOf(minutes, condition({ minBadEvents: 2 }), { target: 0.9999 })).toBe('true')
    expect(verdictOf(minutes, condition({ minBadEvents: 3 }), { target: 0.9999 })).toBe('holding')
  })

  test('a burn that chance explains is holding; its chance is in the evidence', () => {
    const minutes = recent(60, 0, 0)
    minutes.set(NOW - MINUTE_MS, { good: 8, total: 10 })
    const [lax, strict] = [condition({ significance: 1e-4 }), condition({ significance: 1e-5 })]
    expect(verdictOf(minutes, lax)).toBe('true')
    expect(verdictOf(minutes, strict)).toBe('holding')
    // Two of ten at one in a thousand: 1 - 0.999^10 - 10 x 0.001 x 0.999^9.
    const { evidence } = resultAt(minutes, strict)
    expect(evidence.kind === 'burn_rate' && evidence.pairs[0]?.chance).toBeCloseTo(4.476_062_9e-5, 11)
    expect(evidence).toMatchObject({ guards: { significance: 1e-5, minBadEvents: 1, clearBelow: 1, match: 'any' } })
  })
})

describe('silence', () => {
  test('moves no window, and after ten minutes the rule says nothing', () => {
    // Bad minutes, then just enough good ones: a window that slid on would soon hold good ones alone.
    const minutes = put(recent(70, 1000, 1000, 2), 2, 900, 1000)
    const at = (seconds: number) => resultAt(minutes, condition(), { now: NOW + seconds * 1000 })
    for (const seconds of [0, 200, 299, 301, SILENCE_SECONDS - 1]) expect(at(seconds)).toMatchObject(verdictAt(NOW))
    expect(at(SILENCE_SECONDS)).toMatchObject({ verdict: 'no_data', evidence: { frozen: true, measuredUntil: NOW } })
    function verdictAt(measuredUntil: number) {
      return { verdict: at(0).verdict, evidence: { frozen: false, measuredUntil } }
    }
  })

  test('a pair without data keeps another from ending the rule', () => {
    const short = { longSeconds: 3600, shortSeconds: 60, factor: 14.4 }
    const slow = { longSeconds: 3600, shortSeconds: 3600, factor: 900 }
    const minutes = put(recent(60, 0, 1, 2), 2, 0, 0)
    minutes.set(NOW - 50 * MINUTE_MS, { good: 100, total: 100 })
    expect(verdictOf(minutes, condition({ pairs: [slow] }))).toBe('false')
    expect(verdictOf(minutes, condition({ pairs: [short, slow] }))).toBe('no_data')
  })

  test('never turns a verdict into false', () => {
    const minute = fc.record({ bad: fc.integer({ min: 0, max: 5 }), total: fc.integer({ min: 0, max: 50 }) })
    fc.assert(
      fc.property(
        fc.array(minute, { minLength: 60, maxLength: 80 }),
        fc.integer({ min: 0, max: 3000 }),
        (history, silentSeconds) => {
          const minutes = new MinuteSeries()
          for (const [i, { bad, total }] of history.entries()) {
            minutes.set(NOW - (i + 1) * MINUTE_MS, { good: Math.max(0, total - bad), total })
          }
          const rule = condition({ clearBelow: 0.9, pairs: [pair, { longSeconds: 1800, shortSeconds: 60, factor: 3 }] })
          const before = verdictOf(minutes, rule, { target: 0.9 })
          const after = verdictOf(minutes, rule, { target: 0.9, now: NOW + silentSeconds * 1000 })
          expect(after).toBe(silentSeconds >= SILENCE_SECONDS ? 'no_data' : before)
        },
      ),
    )
  })
})

describe('a silence rule', () => {
  const absence = { kind: 'absence' as const, unmeasuredSeconds: 900, resolveAfterSeconds: 60 }
  const slo = {
    sloId: 's',
    version: 1,
    target: 0.99,
    window: { kind: 'rolling' as const, days: 7 },
    furtherObjectives: [],
    rules: [{ id: 'r', condition: absence }],
  }
  const said = (minutes: MinuteSeries, seconds: number, silence: Parameters<typeof evaluateRules>[3] = {}) =>
    evaluateRules(minutes, slo, NOW + seconds * 1000, silence)[0]

  test('is true once nothing was measured for so long; minutes without events are measured', () => {
    const minutes = put(recent(10, 5, 5, 1), 1, 0, 0)
    expect(said(minutes, 899)?.verdict).toBe('false')
    expect(said(minutes, 900)).toMatchObject({
      verdict: 'true',
      evidence: { kind: 'absence', unmeasuredSeconds: 900, measuredUntil: NOW, heardUntil: NOW + 900_000 },
    })
  })

  test('waits for the first measurement, and longer for what is measured rarely', () => {
    expect(said(new MinuteSeries(), 5000)?.verdict).toBe('no_data')
    expect(said(recent(1, 5, 5), 1000, { leastAbsenceSeconds: 9000 })?.verdict).toBe('false')
  })

  test('does not take for silence what was not counted yet, or not listened to', () => {
    const minutes = recent(10, 5, 5)
    const heard = (since: number, until: number) => ({
      heard: { since: NOW + since * 1000, until: NOW + until * 1000 },
    })
    expect(said(minutes, 2000, heard(-9000, 800))?.verdict).toBe('false')
    expect(said(minutes, 2000, heard(1200, 2000))?.verdict).toBe('no_data')
    expect(said(minutes, 2200, heard(1200, 2200))?.verdict).toBe('true')
  })
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
        const { evidence } = resultAt(minutes, condition(), { target, now: NOW + offset })
        if (evidence.kind !== 'burn_rate') throw new Error('a burn-rate rule gives burns')
        const end = evidence.measuredUntil ?? evidence.at
        for (const window of [evidence.pairs[0]?.long, evidence.pairs[0]?.short]) {
          if (!window) throw new Error('no evidence')
          const [good, total] = oracleWindow(plain, end, window.windowSeconds)
          expect(window.total).toBeCloseTo(total, 6)
          if (total === 0) expect(window.burnRate).toBeNull()
          else expect(Math.abs((window.burnRate ?? NaN) - (1 - good / total) / (1 - target))).toBeLessThan(1e-9)
        }
      },
    ),
  )
})
