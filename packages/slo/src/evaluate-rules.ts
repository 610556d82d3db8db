import type {
  AbsenceCondition,
  AlertCondition,
  AlertEvidence,
  BurnRateCondition,
  BurnRateEvidence,
  Objective,
  RuleVerdict,
  SloWindow,
  WindowBurn,
} from '@nines/contracts'
import { absenceVerdict, type Hearing } from './absence-verdict.ts'
import type { MinuteCounts } from './minute-counts.ts'
import { MINUTE_MS, minuteOf } from './minute.ts'
import { budgetRemainingAt } from './objective-status.ts'
import { decidedVerdict, pairVerdict, ruleVerdict } from './pair-verdict.ts'
import { windowBurnAt } from './window-burn.ts'

/** No events for this long is idle, no measurements for this long is unmeasured. */
export const SILENCE_SECONDS = 600

/** What evaluation needs to know of an SLO. */
export interface SloTerms {
  sloId: string
  version: number
  target: number
  window: SloWindow
  furtherObjectives: readonly Objective[]
  rules: readonly { id: string; condition: AlertCondition }[]
}

/** How to take silence. */
export interface SilenceTerms {
  /** No measurements for this long: burn-rate rules say nothing any more. Default SILENCE_SECONDS. */
  silenceSeconds?: number
  /** Silence rules wait at least this long, for SLIs that are measured rarely. Default 0. */
  leastAbsenceSeconds?: number
  /** Default: everything, always. */
  heard?: Hearing
  /** The minutes as they were measured, where those that count leave some out. Default: the same. */
  measured?: Pick<MinuteCounts, 'newestMinute'>
}

export interface RuleResult {
  ruleId: string
  verdict: RuleVerdict
  evidence: AlertEvidence
}

/** What a rule says of which not all minutes are known: null where they decide it. */
export type DecidedResult = Omit<RuleResult, 'verdict'> & { verdict: RuleVerdict | null }

/**
 * What every rule of the SLO says at `now` (epoch ms), with what made it say so.
 *
 * Windows end where measuring ends: at `now` while minutes are measured, else at the end of the newest measured one. So
 * silence moves no window: bad minutes do not age out of it, and good ones do not either. Once nothing was measured for
 * silenceSeconds, a burn-rate rule says no_data.
 */
export function evaluateRules(
  minutes: MinuteCounts,
  slo: SloTerms,
  now: number,
  silence: SilenceTerms = {},
): RuleResult[] {
  const measuredUntil = measuredUntilAt(silence.measured ?? minutes, now)
  const base = { ...baseOf(slo, now), budgetRemaining: budgetRemainingAt(minutes, slo, now), measuredUntil }
  const burns = burnJudge(minutes.heldAt?.(now) ?? minutes, base, silence.silenceSeconds ?? SILENCE_SECONDS)
  return slo.rules.map(({ id, condition }) => {
    if (condition.kind === 'absence') return { ruleId: id, ...judgeAbsence(condition, base, silence) }
    const { pairs, frozen } = burns(condition)
    const said = pairs.map((pair) => pair.verdict)
    const verdict = frozen ? 'no_data' : ruleVerdict(said, condition.match)
    return { ruleId: id, verdict, evidence: burnEvidence(condition, base, { pairs, frozen }) }
  })
}

/**
 * What every rule of the SLO says at `now` (epoch ms), given the minutes that start at `knownFrom` or later and nothing of
 * those before: the verdict that evaluateRules gives of all minutes, or null where older ones may decide it. Evidence has the
 * pairs whose windows are known, and says nothing of the budget.
 */
export function decidedRules(
  minutes: MinuteCounts,
  slo: SloTerms,
  now: number,
  { knownFrom, ...silence }: SilenceTerms & { knownFrom: number },
): DecidedResult[] {
  const newest = (silence.measured ?? minutes).newestMinute(now, false)
  // Of what was measured last before that nobody knows.
  const isMeasured = newest !== null && newest >= knownFrom
  const measuredUntil = isMeasured ? measuredUntilOf(newest, now) : null
  const base = { ...baseOf(slo, now), budgetRemaining: null, measuredUntil }
  const burns = burnJudge(minutes, base, silence.silenceSeconds ?? SILENCE_SECONDS, knownFrom)
  return slo.rules.map(({ id, condition }) => {
    if (condition.kind === 'absence') {
      const { verdict, evidence } = judgeAbsence(condition, base, silence)
      return { ruleId: id, verdict: isMeasured ? verdict : null, evidence }
    }
    const judged = burns(condition)
    const verdict = isMeasured ? decidedBy(judged, condition) : null
    return { ruleId: id, verdict, evidence: burnEvidence(condition, base, judged) }
  })
}

/** End of the newest measured minute, or `now` within it; null when none is measured. */
export function measuredUntilAt(minutes: Pick<MinuteCounts, 'newestMinute'>, now: number): number | null {
  return measuredUntilOf(minutes.newestMinute(now, false), now)
}

function measuredUntilOf(newest: number | null, now: number): number | null {
  return newest === null ? null : Math.min(now, newest + MINUTE_MS)
}

function baseOf({ sloId, version: sloVersion, target }: SloTerms, at: number) {
  return { sloId, sloVersion, target, at }
}

type EvidenceBase = Omit<BurnRateEvidence, 'kind' | 'pairs' | 'frozen' | 'guards'>
type Judgement = Omit<RuleResult, 'ruleId'>
/** The pairs of a condition that are known, and whether silence keeps it from saying anything. */
type JudgedBurns = Pick<BurnRateEvidence, 'pairs' | 'frozen'>

function judgeAbsence(condition: AbsenceCondition, base: EvidenceBase, silence: SilenceTerms): Judgement {
  const unmeasuredSeconds = Math.max(condition.unmeasuredSeconds, silence.leastAbsenceSeconds ?? 0)
  const heard = silence.heard ?? { since: -Infinity, until: base.at }
  const evidence = { ...base, kind: 'absence' as const, unmeasuredSeconds, heardUntil: heard.until }
  return { verdict: absenceVerdict(base.measuredUntil, unmeasuredSeconds, heard), evidence }
}

function burnEvidence(
  { match, minBadEvents, significance, clearBelow }: BurnRateCondition,
  base: EvidenceBase,
  judged: JudgedBurns,
): BurnRateEvidence {
  const guards = { match, minBadEvents, significance, clearBelow }
  return { ...base, kind: 'burn_rate', frozen: judged.frozen, guards, pairs: judged.pairs }
}

function decidedBy({ pairs, frozen }: JudgedBurns, condition: BurnRateCondition): RuleVerdict | null {
  if (frozen) return 'no_data'
  const said = pairs.map((pair) => pair.verdict)
  return pairs.length < condition.pairs.length
    ? decidedVerdict(said, condition.match)
    : ruleVerdict(said, condition.match)
}

/**
 * Judges the pairs of burn-rate conditions of one SLO at one instant, as far as their windows are known. Each burn is
 * computed once: rules share windows.
 */
function burnJudge(
  minutes: MinuteCounts,
  base: EvidenceBase,
  silenceSeconds: number,
  knownFrom = -Infinity,
): (condition: BurnRateCondition) => JudgedBurns {
  const { target } = base
  const firstMinute = minutes.firstMinute() ?? Infinity
  const end = base.measuredUntil ?? base.at
  const frozen = base.at - end >= silenceSeconds * 1000
  const known = new Map<number, WindowBurn>()
  const read = (windowSeconds: number) => {
    const burn = known.get(windowSeconds) ?? windowBurnAt(minutes, end, windowSeconds, target)
    known.set(windowSeconds, burn)
    return burn
  }
  return (condition) => {
    const pairs = condition.pairs.flatMap((pair) => {
      const start = end - pair.longSeconds * 1000
      // A factor is a share of the budget per long window. Over less history it would stand for less budget.
      const isYoung = firstMinute > start
      // Where there may be older minutes nobody knows whether it is young.
      if (knownFrom > minuteOf(start) || (isYoung && knownFrom > -Infinity)) return []
      const windows = { long: read(pair.longSeconds), short: read(pair.shortSeconds) }
      const said = isYoung ? { verdict: 'young' as const, chance: null } : pairVerdict(pair, windows, condition, target)
      return [{ ...pair, ...windows, ...said }]
    })
    return { pairs, frozen }
  }
}
