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
import { MINUTE_MS } from './minute.ts'
import type { MinuteCounts } from './minute-counts.ts'
import { budgetRemainingAt } from './objective-status.ts'
import { pairVerdict, ruleVerdict } from './pair-verdict.ts'
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
  const { sloId, version: sloVersion, target } = slo
  const measuredUntil = measuredUntilAt(silence.measured ?? minutes, now)
  const remaining = budgetRemainingAt(minutes, slo, now)
  const base = { sloId, sloVersion, target, at: now, budgetRemaining: remaining, measuredUntil }
  const burns = burnJudge(minutes.heldAt?.(now) ?? minutes, base, silence.silenceSeconds ?? SILENCE_SECONDS)
  return slo.rules.map(({ id, condition }) => ({
    ruleId: id,
    ...(condition.kind === 'absence' ? judgeAbsence(condition, base, silence) : burns(condition)),
  }))
}

/** End of the newest measured minute, or `now` within it; null when none is measured. */
export function measuredUntilAt(minutes: Pick<MinuteCounts, 'newestMinute'>, now: number): number | null {
  const newest = minutes.newestMinute(now, false)
  return newest === null ? null : Math.min(now, newest + MINUTE_MS)
}

type EvidenceBase = Omit<BurnRateEvidence, 'kind' | 'pairs' | 'frozen' | 'guards'>
type Judgement = Omit<RuleResult, 'ruleId'>

function judgeAbsence(condition: AbsenceCondition, base: EvidenceBase, silence: SilenceTerms): Judgement {
  const unmeasuredSeconds = Math.max(condition.unmeasuredSeconds, silence.leastAbsenceSeconds ?? 0)
  const heard = silence.heard ?? { since: -Infinity, until: base.at }
  const evidence = { ...base, kind: 'absence' as const, unmeasuredSeconds, heardUntil: heard.until }
  return { verdict: absenceVerdict(base.measuredUntil, unmeasuredSeconds, heard), evidence }
}

/** Judges burn-rate conditions of one SLO at one instant. Each burn is computed once: rules share windows. */
function burnJudge(
  minutes: MinuteCounts,
  base: EvidenceBase,
  silenceSeconds: number,
): (condition: BurnRateCondition) => Judgement {
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
    const pairs = condition.pairs.map((pair) => {
      const windows = { long: read(pair.longSeconds), short: read(pair.shortSeconds) }
      // A factor is a share of the budget per long window. Over less history it would stand for less budget.
      const isYoung = firstMinute > end - pair.longSeconds * 1000
      const said = isYoung ? { verdict: 'young' as const, chance: null } : pairVerdict(pair, windows, condition, target)
      return { ...pair, ...windows, ...said }
    })
    const verdict = ruleVerdict(
      pairs.map((pair) => pair.verdict),
      condition.match,
    )
    const { match, minBadEvents, significance, clearBelow } = condition
    const guards = { match, minBadEvents, significance, clearBelow }
    const evidence = { ...base, kind: 'burn_rate' as const, frozen, guards, pairs }
    return { verdict: frozen ? 'no_data' : verdict, evidence }
  }
}
