import { burnRateCondition, type OwnSli, type Slice, type SloWindow } from '@nines/contracts'
import {
  CorrectedMinutes,
  correctedSpans,
  countedMinutes,
  defaultAlertRules,
  MINUTE_MS,
  MinuteSeries,
  RuleReplay,
  silenceTerms,
  type CheckCadence,
  type Correction,
  type RuleResult,
} from '@nines/slo'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { SloTracker } from './slo-tracker.ts'

/** The night in which Berlin's clocks go forward: nightly corrections move by an hour in UTC. */
const T0 = Date.UTC(2026, 2, 28, 20)
const CHECK = { kind: 'availability' as const, checkId: 'chk_1' }
const SLIS: OwnSli[] = [
  CHECK,
  { kind: 'time_slices', of: CHECK, sliceMinutes: 1, sliceTarget: 0.9 },
  { kind: 'time_slices', of: CHECK, sliceMinutes: 5, sliceTarget: 0.97 },
]
const WINDOWS: SloWindow[] = [
  { kind: 'rolling', days: 1 },
  { kind: 'rolling', days: 7 },
  { kind: 'calendar', unit: 'day', zone: 'Europe/Berlin' },
]
const every = (intervalSeconds: number | null, fromMinute = 0) => ({
  from: T0 + fromMinute * MINUTE_MS,
  intervalSeconds,
})
/** Of every kind of check, one that is no check, and some whose interval is changed on the way. */
const CADENCES: CheckCadence[] = [
  [],
  [every(60)],
  [every(600)],
  [every(60), every(900, 100)],
  [every(1800), every(30, 45), every(null, 200)],
]
const PAIRS = burnRateCondition.parse({
  kind: 'burn_rate',
  pairs: [
    { longSeconds: 1800, shortSeconds: 300, factor: 3 },
    { longSeconds: 7200, shortSeconds: 600, factor: 1.5 },
  ],
  clearBelow: 0.7,
  minBadEvents: 3,
})
const EVERY = { clearBelow: 1, match: 'all' as const }

const stretches = fc.array(
  fc.record({
    minutes: fc.integer({ min: 1, max: 60 }),
    /** Events a minute; null: nothing is measured. */
    total: fc.constantFrom(null, 0, 2, 50, 1000),
    badShare: fc.constantFrom(0, 0.002, 0.05, 0.5, 1),
  }),
  { minLength: 3, maxLength: 10 },
)
const correction = fc
  .record({
    effect: fc.constantFrom('exclude' as const, 'good' as const, 'count' as const),
    start: fc.integer({ min: -60, max: 240 }),
    minutes: fc.integer({ min: 1, max: 50 }),
    seconds: fc.integer({ min: 0, max: 59 }),
    rrule: fc.constantFrom(null, null, 'FREQ=DAILY;BYHOUR=0,1,3,4,21,23', 'FREQ=WEEKLY;BYDAY=SU;BYHOUR=0,3,5'),
    outside: fc.boolean(),
    zone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata'),
  })
  .map(({ effect, start, minutes, seconds, rrule, outside, zone }): Omit<Correction, 'id'> => {
    const startsAt = T0 + start * MINUTE_MS + seconds * 1000
    const endsAt = startsAt + minutes * MINUTE_MS
    // Outside of a single span nearly nothing would be left.
    return { effect, startsAt, endsAt, rrule, timeZone: zone, outside: outside && rrule !== null }
  })

test(
  'a replay of stored slices under corrections says what live evaluation said, also of those that came later',
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(
        fc.record({
          stretches,
          sli: fc.constantFrom(...SLIS),
          window: fc.constantFrom(...WINDOWS),
          target: fc.constantFrom(0.9, 0.99, 0.999),
          corrections: fc.array(correction, { minLength: 1, maxLength: 4 }),
          /** From this minute on they hold: in most runs from the first. */
          since: fc.constantFrom(0, 0, 90),
          cadence: fc.constantFrom<CheckCadence>(...CADENCES),
        }),
        (given) => {
          const live = evaluateLive(given)
          const replayed = replay(given, live.slices, live.to)
          for (const { at, results, remaining } of live.steps) {
            if (at <= T0 + given.since * MINUTE_MS) continue
            const said = replayed(at)
            expect({ at, ...said.verdicts }).toEqual({ at, ...verdictsOf(results) })
            expect(said.remaining).toBe(remaining)
            for (const { ruleId, evidence } of results) {
              const changed = said.changed.get(ruleId)
              if (changed !== undefined) expect(changed).toEqual(evidence)
            }
          }
        },
      ),
      { numRuns: 60 },
    )
  },
)

interface Given {
  stretches: { minutes: number; total: number | null; badShare: number }[]
  sli: OwnSli
  window: SloWindow
  target: number
  corrections: Omit<Correction, 'id'>[]
  since: number
  cadence: CheckCadence
}

function definitionOf({ sli, window, target, corrections, cadence }: Given) {
  const rules = [
    ...defaultAlertRules({ target, window }),
    { name: 'pairs', severity: 'warning' as const, condition: PAIRS },
    { name: 'every', severity: 'warning' as const, condition: { ...PAIRS, ...EVERY } },
  ]
  return {
    id: 'slo_1',
    workspaceId: 'wsp_1',
    workspaceNumber: 1,
    name: 'Answers',
    version: 2,
    versionCreatedAt: T0,
    sli,
    target,
    window,
    furtherObjectives: [],
    checkCadence: cadence,
    corrections: corrections.map((one, i) => ({ ...one, id: `cor_${i}` })),
    rules: rules.map((rule) => ({ ...rule, id: rule.name })),
  }
}

/** Minute by minute as the evaluator does it: points, verdicts, and the slices that it stores. */
function evaluateLive(given: Given) {
  const definition = definitionOf(given)
  const tracker = new SloTracker({ ...definition, corrections: [] }, T0)
  tracker.isReady = true
  const steps: { at: number; results: RuleResult[]; remaining: number | null }[] = []
  const slices = new Map<number, Slice>()
  let at = T0
  for (const { minutes, total, badShare } of given.stretches) {
    for (let i = 0; i < minutes; i++, at += MINUTE_MS) {
      if (at >= T0 + given.since * MINUTE_MS) tracker.definition = definition
      const bad = total === null ? 0 : Math.ceil(total * badShare)
      const point = { at: at + 20_000, start: 0, counts: [(total ?? 0) - bad, bad], bounds: null }
      if (total !== null) tracker.takeCheckRun('chk_1 here', point)
      const ended = at + MINUTE_MS
      const { results, status } = tracker.evaluate(ended, { since: -Infinity, until: ended })
      steps.push({ at: ended, results, remaining: status?.budgetRemaining ?? null })
      for (const slice of tracker.takeSlices(ended, ended)) slices.set(slice.minute, slice)
    }
  }
  return { steps, slices: [...slices.values()], to: at }
}

/** What the backtest does: the stored slices, what corrections and slices of time make of them, and the replay. */
function replay(given: Given, slices: readonly Slice[], to: number) {
  const { sli, corrections, ...terms } = definitionOf(given)
  const measured = new MinuteSeries()
  for (const slice of slices) measured.set(slice.minute, slice)
  const spans = correctedSpans(corrections, { from: T0, to })
  const counted = countedMinutes(sli, new CorrectedMinutes(measured, spans), to)
  const silence = silenceTerms([given.cadence])
  const span = { from: T0, to, stepMs: MINUTE_MS, silence, measured }
  const rules = new RuleReplay(counted, { ...terms, sloId: terms.id }, span)
  return (at: number) => {
    rules.runTo(at)
    const newest = Array.from(rules.changes, ([id, changes]) => [id, changes.at(-1)] as const)
    return {
      verdicts: Object.fromEntries(newest.map(([id, change]) => [id, change?.verdict])),
      changed: new Map(newest.flatMap(([id, change]) => (change?.at === at ? [[id, change.evidence] as const] : []))),
      remaining: rules.budget.remaining,
    }
  }
}

const verdictsOf = (results: readonly RuleResult[]) =>
  Object.fromEntries(results.map(({ ruleId, verdict }) => [ruleId, verdict]))
