import { burnRateCondition, type AlertCondition, type Objective, type SliSpec, type SloWindow } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultAlertRules } from './default-alert-rules.ts'
import { evaluateRules, type SloTerms } from './evaluate-rules.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from './minute.ts'
import { MinuteSeries } from './minute-series.ts'
import { RuleReplay, type VerdictChange } from './rule-replay.ts'
import { sloStatusAt } from './slo-status.ts'
import { countedMinutes } from './time-slices.ts'

const FROM = Date.UTC(2026, 2, 28, 22)

const terms = (
  objective: Objective,
  moreRules: readonly { name: string; condition: AlertCondition }[] = [],
): SloTerms => ({
  sloId: 'slo_1',
  version: 3,
  ...objective,
  furtherObjectives: [],
  rules: [...defaultAlertRules(objective), ...moreRules].map(({ name, condition }) => ({ id: name, condition })),
})
/** What the defaults do not ask for. */
const all = burnRateCondition.parse({
  kind: 'burn_rate',
  match: 'all',
  pairs: [
    { longSeconds: 3600, shortSeconds: 300, factor: 2 },
    { longSeconds: 7200, shortSeconds: 600, factor: 1.5 },
  ],
  clearBelow: 0.5,
  significance: 0.01,
})
const plain = burnRateCondition.parse({ kind: 'burn_rate', pairs: all.pairs })
const quiet = { kind: 'absence' as const, unmeasuredSeconds: 120, resolveAfterSeconds: 0 }
const FURTHER = [
  { name: 'all', condition: all },
  { name: 'plain', condition: plain },
  { name: 'quiet', condition: quiet },
]
/** Good or bad, so that sums are whole numbers and the same in any order. */
const SLICED: SliSpec = {
  kind: 'time_slices',
  of: { kind: 'availability', checkId: 'chk_1' },
  sliceMinutes: 5,
  sliceTarget: 0.97,
}
/** Every step is evaluated twice, and others may want the processor. */
const LONG = { timeout: 60_000 }
const rolling = (days: number): SloWindow => ({ kind: 'rolling', days })

test('at every step it says what live evaluation says of the minutes that had ended by then', LONG, () => {
  const stretch = fc.record({
    minutes: fc.integer({ min: 1, max: 90 }),
    total: fc.constantFrom(null, 0, 1, 50, 100_000),
    badShare: fc.constantFrom(0, 0.001, 0.02, 0.5, 1),
  })
  fc.assert(
    fc.property(
      fc.array(stretch, { minLength: 1, maxLength: 14 }),
      fc.integer({ min: 0, max: 300 }),
      fc.constantFrom<SloWindow>(rolling(1), rolling(2), rolling(7), {
        kind: 'calendar',
        unit: 'day',
        zone: 'Europe/Berlin',
      }),
      fc.constantFrom(0.9, 0.99, 0.999),
      fc.constantFrom(
        { silenceSeconds: 600, leastAbsenceSeconds: 0 },
        { silenceSeconds: 2400, leastAbsenceSeconds: 1500 },
      ),
      fc.boolean(),
      (stretches, lookBackMinutes, window, target, silence, isSliced) => {
        const all = minutesOf(FROM - lookBackMinutes * MINUTE_MS, stretches)
        const to = Math.max(FROM, ...all.keys()) + 30 * MINUTE_MS
        const slo = terms({ target, window }, FURTHER)
        const whole = seriesOf(all, Infinity)
        const measured = isSliced ? { measured: whole } : {}
        const span = { from: FROM, to, stepMs: MINUTE_MS, silence: () => silence, ...measured }
        const replay = new RuleReplay(isSliced ? countedMinutes(SLICED, whole, to) : whole, slo, span)
        replay.runTo(to)

        const known = seriesOf(all, FROM)
        const said = new Map<string, VerdictChange[]>(slo.rules.map(({ id }) => [id, []]))
        let lowest = Infinity
        for (let at = FROM + MINUTE_MS; at <= to; at += MINUTE_MS) {
          const ended = all.get(at - MINUTE_MS)
          if (ended) known.set(at - MINUTE_MS, ended)
          const counted = isSliced ? countedMinutes(SLICED, known, at) : known
          const results = evaluateRules(counted, slo, at, { ...silence, measured: known })
          for (const { ruleId, verdict, evidence } of results) {
            const changes = said.get(ruleId)
            if (changes?.at(-1)?.verdict !== verdict) changes?.push({ at, verdict, evidence })
          }
          lowest = Math.min(lowest, sloStatusAt(counted, slo, results, at).budgetRemaining ?? Infinity)
        }
        expect(replay.changes).toEqual(said)
        expect(replay.budget.lowest?.remaining ?? Infinity).toBe(lowest)
      },
    ),
    { numRuns: 150 },
  )
})

test('an outage of ten minutes pages once; how deep the budget fell and how long it was spent', () => {
  const outage = FROM + 3 * DAY_MS
  const minutes = new MinuteSeries()
  for (let at = FROM; at < FROM + 5 * DAY_MS; at += MINUTE_MS) {
    const isDown = at >= outage && at < outage + 10 * MINUTE_MS
    minutes.set(at, { good: isDown ? 0 : 100, total: 100 })
  }
  const slo = terms({ target: 0.999, window: rolling(1) })
  const replay = new RuleReplay(minutes, slo, { from: FROM, to: FROM + 5 * DAY_MS, stepMs: MINUTE_MS })
  replay.runTo(FROM + 5 * DAY_MS)
  const page = replay.changes.get('page')
  expect(page?.map(({ verdict }) => verdict)).toEqual(['no_data', 'false', 'true', 'false'])
  // Over an hour, burns of one bad minute are 16.7: above the factor of a window of one day, which is 1.
  expect(page?.[2]?.at).toBe(outage + MINUTE_MS)
  expect(replay.budget.lowest?.at).toBe(outage + 10 * MINUTE_MS)
  expect(replay.budget.lowest?.remaining).toBeCloseTo(1 - 10 / 1.44, 9)
  // A day allows 1.44 bad minutes: from the end of the second one until the last but one has left the window.
  expect(replay.budget.spentSteps).toBe((DAY_MS + 6 * MINUTE_MS) / MINUTE_MS + 1)
  expect(replay.budget.remaining).toBe(1)
})

test('nothing measured: no verdict but no_data, and no budget', () => {
  const slo = terms({ target: 0.999, window: rolling(30) })
  const replay = new RuleReplay(new MinuteSeries(), slo, { from: FROM, to: FROM + HOUR_MS, stepMs: MINUTE_MS })
  replay.runTo(FROM + HOUR_MS)
  expect([...replay.changes.values()].map((changes) => changes.map(({ verdict }) => verdict))).toEqual([
    ['no_data'],
    ['no_data'],
    ['no_data'],
  ])
  expect(replay.budget).toEqual({ lowest: null, spentSteps: 0, remaining: null })
})

type Counts = Map<number, { good: number; total: number }>

function minutesOf(from: number, stretches: readonly { minutes: number; total: number | null; badShare: number }[]) {
  const all: Counts = new Map()
  let at = from
  for (const { minutes, total, badShare } of stretches) {
    for (let i = 0; i < minutes; i++, at += MINUTE_MS) {
      if (total !== null) all.set(at, { good: total - Math.ceil(total * badShare), total })
    }
  }
  return all
}

function seriesOf(all: Counts, endedBy: number): MinuteSeries {
  const minutes = new MinuteSeries()
  for (const [minute, counts] of all) if (minute + MINUTE_MS <= endedBy) minutes.set(minute, counts)
  return minutes
}
