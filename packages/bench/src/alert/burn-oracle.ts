import { NinesError } from '@nines/kernel'

/** Events that happened between two pushes, told at the instant (epoch ms) of the second. */
export interface Happened {
  at: number
  good: number
  bad: number
}

/** A pair of windows and what it takes, as the API shows it. */
export interface PairTerms {
  longSeconds: number
  shortSeconds: number
  factor: number
}

/** What a burn-rate rule fires on, apart from any engine. */
export interface RuleTerms {
  target: number
  pairs: readonly PairTerms[]
  minBadEvents: number
  /** The largest chance of a false alarm; null for no test. */
  significance: number | null
}

/** Engines cut the ends of a window by minutes or by samples, and spread or extrapolate what lies across them. */
const EDGE_MS = 60_000

/**
 * Whether a rule's burn is due, from the events that were sent and nothing else. It is asked for windows a minute shorter
 * and a minute longer as well: where the answers differ, an engine might rightly say either, and nothing is measured by it.
 */
export function isDue(events: readonly Happened[], rule: RuleTerms, now: number): boolean {
  const answers = [-EDGE_MS, 0, EDGE_MS].map((edge) =>
    rule.pairs.some((pair) => isPairDue(events, pair, rule, now, edge)),
  )
  const [answer = false] = answers
  if (answers.some((other) => other !== answer))
    throw new NinesError('internal', 'whether the burn is due depends on how windows are cut: the load proves nothing')
  return answer
}

function isPairDue(events: readonly Happened[], pair: PairTerms, rule: RuleTerms, now: number, edge: number): boolean {
  const limit = pair.factor * (1 - rule.target)
  const long = sumSince(events, now - pair.longSeconds * 1000 - edge)
  const short = sumSince(events, now - pair.shortSeconds * 1000 - edge)
  const burns = [long, short].every(({ good, bad }) => bad > 0 && bad / (good + bad) >= limit)
  return burns && long.bad >= rule.minBadEvents && isNoChance(long, rule)
}

/** Chernoff: at most exp(-(k ln(k/m) - k + m)) is the chance of k events or more where m are expected. */
function isNoChance({ good, bad }: { good: number; bad: number }, { target, significance }: RuleTerms): boolean {
  if (significance === null) return true
  const expected = (good + bad) * (1 - target)
  return bad > expected && Math.exp(-(bad * Math.log(bad / expected) - bad + expected)) <= significance
}

function sumSince(events: readonly Happened[], from: number): { good: number; bad: number } {
  const sum = { good: 0, bad: 0 }
  for (let i = events.length - 1; i >= 0; i--) {
    const one = events[i]
    if (one === undefined || one.at <= from) break
    sum.good += one.good
    sum.bad += one.bad
  }
  return sum
}
