import type { BurnRateCondition, BurnRatePair, PairVerdict, RuleVerdict, WindowBurn } from '@nines/contracts'
import { binomialTail } from './binomial-tail.ts'

export type BurnRateGuards = Pick<BurnRateCondition, 'minBadEvents' | 'significance' | 'clearBelow'>

/** A window holds fractions of events at its oldest minute: three of them may add up to a hair less. */
const WHOLE_EVENT = 1 - 1e-9

/**
 * true when both burns are at least the factor and the long window's bad events are enough and no chance; holding when
 * they are not, or when both burns are still at or above where the pair clears; no_data when a window holds no events.
 *
 * Chance is asked of a service that exactly meets its target, not of one that burns at exactly the factor: what a page
 * claims is that the target is being missed, and a window at the factor itself would be a coin's toss at any traffic,
 * so the test would shift every threshold. Against the target it is silent where traffic is high and the factor is
 * above 1, and no pair can be true while the burn of its long window is 1 or less (docs/adr/0016-what-alert-rules-say-of-chance-youth-and-silence.md).
 */
export function pairVerdict(
  pair: BurnRatePair,
  { long, short }: { long: WindowBurn; short: WindowBurn },
  guards: BurnRateGuards,
  target: number,
): { verdict: RuleVerdict; chance: number | null } {
  if (long.burnRate === null || short.burnRate === null) return { verdict: 'no_data', chance: null }
  const lower = Math.min(long.burnRate, short.burnRate)
  if (lower < pair.factor) {
    return { verdict: lower >= pair.factor * guards.clearBelow ? 'holding' : 'false', chance: null }
  }
  // Rounding, and bad events that their total does not know of yet, may leave a hair less than no good ones.
  const bad = Math.min(long.total - long.good, long.total)
  const chance = guards.significance === null ? null : binomialTail(bad, long.total, 1 - target)
  const isEnough = bad >= guards.minBadEvents * WHOLE_EVENT
  const isNoChance = chance === null || guards.significance === null || chance < guards.significance
  return { verdict: isEnough && isNoChance ? 'true' : 'holding', chance }
}

/**
 * Any: true if one pair is; all: true if every pair is, false if one is. Otherwise a pair without data keeps the rule
 * from being false: it may be the one that was true before its data went away, and silence resolves nothing. A young pair
 * never was true: of any it is left out, of all it is missing.
 */
export function ruleVerdict(pairs: readonly PairVerdict[], match: BurnRateCondition['match'] = 'any'): RuleVerdict {
  const order: RuleVerdict[] =
    match === 'any' ? ['true', 'holding', 'no_data', 'false'] : ['false', 'no_data', 'holding', 'true']
  const said = new Set(pairs.flatMap((pair) => (pair !== 'young' ? pair : match === 'all' ? 'no_data' : [])))
  return order.find((verdict) => said.has(verdict)) ?? 'no_data'
}

/** What a rule says whatever those of its pairs say that are not known; null where it depends on them. */
export function decidedVerdict(
  known: readonly PairVerdict[],
  match: BurnRateCondition['match'] = 'any',
): RuleVerdict | null {
  const [most, least] = [ruleVerdict([...known, 'true'], match), ruleVerdict([...known, 'false'], match)]
  return most === least ? most : null
}
