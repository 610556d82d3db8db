import type {
  BurnRateCondition,
  BurnRateEvidence,
  BurnRatePair,
  Objective,
  RuleVerdict,
  SloWindow,
  WindowBurn,
} from '@nines/contracts'
import { budgetRemainingAt } from './objective-status.ts'
import type { MinuteCounts } from './minute-counts.ts'
import { windowBurnAt } from './window-burn.ts'

/** What evaluation needs to know of an SLO. */
export interface SloTerms {
  sloId: string
  version: number
  target: number
  window: SloWindow
  furtherObjectives: readonly Objective[]
  rules: readonly { id: string; condition: BurnRateCondition }[]
}

export interface RuleResult {
  ruleId: string
  verdict: RuleVerdict
  evidence: BurnRateEvidence
}

/** What every rule of the SLO says at `now` (epoch ms), with the burns that made it say so. */
export function evaluateRules(minutes: MinuteCounts, slo: SloTerms, now: number): RuleResult[] {
  const firstMinute = minutes.firstMinute()
  const remaining = budgetRemainingAt(minutes, slo, now)
  const read = burnReader(minutes, slo.target, now)
  return slo.rules.map((rule) => {
    const pairs = rule.condition.pairs.map((pair) => {
      const [long, short] = [read(pair.longSeconds), read(pair.shortSeconds)]
      const eligible = firstMinute !== null && firstMinute <= now - pair.shortSeconds * 1000
      const verdict = eligible ? pairVerdict(pair, long, short, rule.condition.minBadEvents) : 'no_data'
      return { ...pair, long, short, verdict }
    })
    const { sloId, version: sloVersion, target } = slo
    const evidence = { sloId, sloVersion, target, at: now, budgetRemaining: remaining, pairs }
    return { ruleId: rule.id, verdict: ruleVerdict(pairs.map((pair) => pair.verdict)), evidence }
  })
}

/**
 * true when both burns are at least the factor and the long window holds enough bad events; no_data when a window holds
 * no events. Young SLOs: the caller gives no verdict before the slices reach back one short window.
 */
export function pairVerdict(
  pair: BurnRatePair,
  long: WindowBurn,
  short: WindowBurn,
  minBadEvents: number,
): RuleVerdict {
  if (long.burnRate === null || short.burnRate === null) return 'no_data'
  const burning = long.burnRate >= pair.factor && short.burnRate >= pair.factor
  return burning && long.total - long.good >= minBadEvents ? 'true' : 'false'
}

/** true if any pair is; else false if any pair is; else no_data. */
export function ruleVerdict(pairs: readonly RuleVerdict[]): RuleVerdict {
  if (pairs.includes('true')) return 'true'
  return pairs.includes('false') ? 'false' : 'no_data'
}

/** Burns by window at one instant, each computed once: rules share windows. */
function burnReader(minutes: MinuteCounts, target: number, now: number): (windowSeconds: number) => WindowBurn {
  const known = new Map<number, WindowBurn>()
  return (windowSeconds) => {
    const burn = known.get(windowSeconds) ?? windowBurnAt(minutes, now, windowSeconds, target)
    known.set(windowSeconds, burn)
    return burn
  }
}
