import { burnRateCondition, type AlertCondition, type CorrectedSpan, type SliSpec } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { CorrectedMinutes } from './corrected-minutes.ts'
import { decidedRules, evaluateRules, SILENCE_SECONDS, type DecidedResult } from './evaluate-rules.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf } from './minute.ts'
import { MinuteSeries } from './minute-series.ts'
import { randomStream } from './random-stream.fixture.ts'
import { oracleMinutes } from './slo-oracle.fixture.ts'
import { countedMinutes } from './time-slices.ts'
import { oracleVerdict } from './verdict-oracle.fixture.ts'

const NOW = Date.UTC(2026, 10, 27, 9, 30, 20)
const STREAMS = 1_500

function terms(target: number, conditions: readonly AlertCondition[]) {
  const window = { kind: 'rolling' as const, days: 30 }
  const rules = conditions.map((condition, i) => ({ id: `rule_${i}`, condition }))
  return { sloId: 'slo_1', version: 1, target, window, furtherObjectives: [], rules }
}

function seriesOf(minutes: Iterable<readonly [number, readonly [number, number]]>, from = -Infinity): MinuteSeries {
  const series = new MinuteSeries()
  for (const [minute, [good, total]] of minutes) if (minute >= from) series.set(minute, { good, total })
  return series
}

/** How often what was decided, and how often nothing. */
function tally() {
  const counts = new Map<string, number>()
  return {
    note: ({ verdict, evidence }: DecidedResult) => {
      const key = `${evidence.kind} ${verdict}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    },
    of: (key: string) => counts.get(key) ?? 0,
  }
}

test(`of ${STREAMS} random streams whose older minutes are unknown, what is decided is what an oracle says of all`, () => {
  const decided = tally()
  for (let seed = 1; seed <= STREAMS; seed++) {
    const { arrivals, temporality, versions, looks } = randomStream(seed)
    for (const [i, now] of looks.entries()) {
      const version = versions.findLast(({ from }) => from <= now)!
      const { target, byBad, rules } = version
      const received = arrivals.flatMap(({ at, point }) =>
        at <= now && !point.series.startsWith(byBad ? 'good' : 'bad') ? [point] : [],
      )
      const truth = oracleMinutes(received, temporality, byBad)
      // From the last minutes up to more than there are.
      const knownFrom = minuteOf(now) - ((seed * 31 + i * 97) % 230) * MINUTE_MS
      const slo = terms(
        target,
        rules.map(({ condition }) => condition),
      )
      for (const [r, result] of decidedRules(seriesOf(truth, knownFrom), slo, now, { knownFrom }).entries()) {
        decided.note(result)
        const said = oracleVerdict(truth, { target, condition: slo.rules[r]!.condition }, now, SILENCE_SECONDS)
        if (result.verdict === null || said.isClose) continue
        if (result.verdict !== said.verdict)
          throw new Error(`seed ${seed}: ${result.verdict} was decided, and it is ${said.verdict}`)
      }
    }
  }
  // The streams do reach what they are meant to reach.
  for (const verdict of ['true', 'holding', 'false', 'no_data', null])
    expect(decided.of(`burn_rate ${verdict}`)).toBeGreaterThan(STREAMS / 50)
  expect(decided.of('absence true')).toBeGreaterThan(STREAMS / 50)
}, 120_000)

const pair = fc.record({
  longSeconds: fc.constantFrom(3600, 3 * 3600, 6 * 3600, 24 * 3600),
  shortSeconds: fc.constantFrom(300, 1800, 3600),
  factor: fc.constantFrom(1, 2, 6, 14.4),
})
const burning = fc
  .record({
    pairs: fc.array(pair, { minLength: 1, maxLength: 3 }),
    match: fc.constantFrom('any' as const, 'all' as const),
    clearBelow: fc.constantFrom(1, 0.9, 0.5),
    minBadEvents: fc.constantFrom(1, 3, 50),
    significance: fc.constantFrom(null, 1e-5, 0.01),
  })
  .map((given) => burnRateCondition.parse({ kind: 'burn_rate', ...given }))
const silent = fc.constantFrom(300, 900, 7200).map((unmeasuredSeconds) => ({
  kind: 'absence' as const,
  unmeasuredSeconds,
  resolveAfterSeconds: 0,
}))
/** The newest stretch first; null: nothing is measured. */
const stretch = fc.record({
  minutes: fc.integer({ min: 1, max: 400 }),
  total: fc.constantFrom(null, 0, 1, 50, 100_000),
  badShare: fc.constantFrom(0, 0.001, 0.02, 0.5, 1),
})
const SLI = fc.constantFrom<SliSpec>(
  { kind: 'availability', checkId: 'chk_1' },
  { kind: 'time_slices', of: { kind: 'availability', checkId: 'chk_1' }, sliceMinutes: 5, sliceTarget: 0.97 },
  { kind: 'ratio_time_slices', of: { kind: 'availability', checkId: 'chk_1' }, sliceMinutes: 60 },
)
/** Corrections of the last two days: one excludes, another counts as good. */
const spans = fc
  .tuple(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 1, max: 300 }), fc.boolean())
  .map(([ago, minutes, excludes]): CorrectedSpan[] => {
    const to = minuteOf(NOW) - ago * MINUTE_MS
    return [{ from: to - minutes * MINUTE_MS, to, effect: excludes ? 'exclude' : 'good', correctionIds: [] } as never]
  })

test('guards, both ways to match, slices of time, corrections, hearing: never another verdict than of the whole, and the same burns', () => {
  const decided = tally()
  fc.assert(
    fc.property(
      fc.array(stretch, { minLength: 1, maxLength: 12 }),
      fc.array(fc.oneof({ weight: 5, arbitrary: burning }, { weight: 1, arbitrary: silent }), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.record({
        knownHours: fc.constantFrom(1, 2, 7, 8, 26),
        target: fc.constantFrom(0.9, 0.999),
        heardHours: fc.constantFrom(0.1, 5),
        silenceSeconds: fc.constantFrom(600, 5_000),
      }),
      SLI,
      fc.option(spans, { nil: [] }),
      (stretches, conditions, { knownHours, target, heardHours, silenceSeconds }, sli, corrected) => {
        const knownFrom = Math.floor((NOW - knownHours * HOUR_MS) / HOUR_MS) * HOUR_MS
        const minutes: [number, [number, number]][] = []
        let at = minuteOf(NOW)
        for (const { minutes: length, total, badShare } of stretches) {
          for (let i = 0; i < length; i++, at -= MINUTE_MS)
            if (total !== null) minutes.push([at, [total - Math.ceil(total * badShare), total]])
        }
        const slo = terms(target, conditions)
        const heard = { since: NOW - heardHours * HOUR_MS, until: NOW - 2_000 }
        const seen = (measured: MinuteSeries) => ({
          counted: countedMinutes(sli as never, new CorrectedMinutes(measured, corrected), NOW),
          silence: { silenceSeconds, heard, measured },
        })
        const [all, part] = [seen(seriesOf(minutes)), seen(seriesOf(minutes, knownFrom))]
        const whole = evaluateRules(all.counted, slo, NOW, all.silence)
        for (const [i, result] of decidedRules(part.counted, slo, NOW, { ...part.silence, knownFrom }).entries()) {
          decided.note(result)
          if (result.verdict === null) continue
          const { verdict, evidence } = whole[i]!
          expect(result.verdict).toBe(verdict)
          expect(result.evidence).toMatchObject({ budgetRemaining: null, measuredUntil: evidence.measuredUntil })
          if (evidence.kind === 'absence' || result.evidence.kind === 'absence') continue
          for (const known of result.evidence.pairs) expect(evidence.pairs).toContainEqual(known)
        }
      },
    ),
    { numRuns: 1_500 },
  )
  for (const verdict of ['true', 'holding', 'false', 'no_data', null])
    expect(decided.of(`burn_rate ${verdict}`)).toBeGreaterThan(15)
  expect(decided.of('absence true')).toBeGreaterThan(5)
}, 60_000)

test('windows that are known, with history before them, are all that a rule needs', () => {
  const minutes = new MinuteSeries()
  for (let i = 0; i < 8 * 60; i++) minutes.set(minuteOf(NOW) - i * MINUTE_MS, { good: 90, total: 100 })
  const knownFrom = minuteOf(NOW) - 8 * HOUR_MS
  const said = (condition: object) => {
    const rule = burnRateCondition.parse({ kind: 'burn_rate', ...condition })
    return decidedRules(minutes, terms(0.999, [rule]), NOW, { knownFrom })[0]?.verdict
  }
  const [hour, sixHours, days] = [
    { longSeconds: 3600, shortSeconds: 300, factor: 14.4 },
    { longSeconds: 6 * 3600, shortSeconds: 1800, factor: 200 },
    { longSeconds: 3 * 86_400, shortSeconds: 3600, factor: 1 },
  ]
  expect(said({ pairs: [hour] })).toBe('true')
  expect(said({ pairs: [sixHours] })).toBe('false')
  expect(said({ pairs: [sixHours], clearBelow: 0.4 })).toBe('holding')
  expect(said({ pairs: [hour, days] })).toBe('true')
  expect(said({ pairs: [sixHours, days] })).toBeNull()
  expect(said({ pairs: [hour, days], match: 'all' })).toBeNull()
  expect(said({ pairs: [sixHours, days], match: 'all' })).toBe('false')
  // Ten minutes later nothing more was measured.
  const slo = terms(0.999, [burnRateCondition.parse({ kind: 'burn_rate', pairs: [days] })])
  expect(decidedRules(minutes, slo, NOW + 11 * MINUTE_MS, { knownFrom })[0]?.verdict).toBe('no_data')
  expect(decidedRules(minutes, slo, NOW + DAY_MS, { knownFrom: NOW })[0]?.verdict).toBeNull()
})
