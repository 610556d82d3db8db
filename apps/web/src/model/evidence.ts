import type { AlertBurn, AlertDto, BurnRateEvidence, BurnRatePair, SloStatus, WindowBurn } from '@nines/contracts'
import { formatWindow } from './format-duration.ts'
import { formatBurn, formatCount, formatFactor } from './format-number.ts'
import { formatBudget } from './format-ratio.ts'

/** A pair in words: "burn ≥ 14.4× over 1 h and 5 min". */
export function describePair(pair: BurnRatePair): string {
  return `burn ≥ ${formatFactor(pair.factor)} over ${formatWindow(pair.longSeconds)} and ${formatWindow(pair.shortSeconds)}`
}

/** Share of the budget of the whole window that is gone when a pair becomes true at a steady burn: f × L / W. */
export function budgetShareOf(pair: BurnRatePair, windowDays: number): number {
  return (pair.factor * pair.longSeconds) / (windowDays * 86_400)
}

/** The sentence that answers "why did it fire?", from the pairs that were true; else why it did not. */
export function explainEvidence(evidence: BurnRateEvidence): string {
  if (evidence.frozen) {
    return 'Nothing has been measured for so long that the rule says nothing. Silence neither fires nor resolves an alert: what is open stays open.'
  }
  const hits = evidence.pairs.filter((pair) => pair.verdict === 'true')
  const [hit] = hits
  if (evidence.guards?.match === 'all' && hits.length < evidence.pairs.length && hit !== undefined) {
    return `${hits.length} of ${evidence.pairs.length} pairs reach their thresholds; this rule takes all of them.`
  }
  if (hit !== undefined) {
    const burns = `${formatBurn(hit.long.burnRate)} over ${formatWindow(hit.longSeconds)} and ${formatBurn(hit.short.burnRate)} over ${formatWindow(hit.shortSeconds)}`
    return `The error budget burned ${burns}; both reach the threshold of ${formatFactor(hit.factor)}.`
  }
  const held = evidence.pairs.find((pair) => pair.verdict === 'holding')
  if (held !== undefined) return explainHolding(held, evidence.guards)
  if (evidence.pairs.every((pair) => pair.verdict === 'young')) {
    return 'History does not cover the long windows yet: over less of it a factor would stand for less of the budget.'
  }
  if (evidence.pairs.every((pair) => pair.verdict === 'no_data' || pair.verdict === 'young')) {
    return 'No events in the windows. Silence neither fires nor resolves an alert.'
  }
  return 'No pair of windows reaches its threshold now.'
}

type EvidencePair = BurnRateEvidence['pairs'][number]

function explainHolding(pair: EvidencePair, guards: BurnRateEvidence['guards']): string {
  const isBurning = Math.min(pair.long.burnRate ?? 0, pair.short.burnRate ?? 0) >= pair.factor
  if (!isBurning) {
    return `The burn fell below ${formatFactor(pair.factor)} but not yet below ${formatFactor(pair.factor * (guards?.clearBelow ?? 1))}, where it clears.`
  }
  const bad = badEvents(pair.long)
  if (guards !== undefined && bad < guards.minBadEvents) {
    return `Both burns reach ${formatFactor(pair.factor)}, from ${formatCount(bad)} bad ${bad === 1 ? 'event' : 'events'}: the rule takes ${guards.minBadEvents}.`
  }
  return `Both burns reach ${formatFactor(pair.factor)}, but so many bad events come by chance ${formatChance(pair.chance)} while the target is met: too often to page for.`
}

/** A probability as people say it: 0.00004476 -> "1 in 22,341"; next to certainty in percent. null is "–". */
export function formatChance(chance: number | null | undefined): string {
  if (chance === null || chance === undefined) return '–'
  if (chance > 0.1) return `${Math.round(chance * 100)} %`
  if (chance < 1e-9) return '< 1 in 10⁹'
  return `1 in ${formatCount(Number((1 / chance).toPrecision(2)))}`
}

/** What else a burn-rate rule asks of its pairs, in a few words each. */
export function describeGuards({ minBadEvents, significance, clearBelow }: Omit<BurnRateGuards, 'match'>): string[] {
  return [
    ...(minBadEvents > 1 ? [`at least ${minBadEvents} bad events in the long window`] : []),
    ...(significance === null
      ? []
      : [`by chance less than ${formatChance(significance)} times while the target is met`]),
    ...(clearBelow < 1 ? [`clears below ${Math.round(clearBelow * 100)} % of the factor`] : []),
  ]
}

type BurnRateGuards = NonNullable<BurnRateEvidence['guards']>

/** What an alert is about, on one line for lists. */
export function describeAlert({ kind, burn, summary }: Pick<AlertDto, 'kind' | 'burn' | 'summary'>): string {
  if (kind === 'burn_rate') return describeBurn(burn)
  // The subject is the line above it.
  const [, silence] = summary.split(' is not measured: ')
  return silence === undefined ? 'Not measured' : `Not measured: ${silence}`
}

/** An alert's figures on one line: "Burn 25.3× over 1 h, 100× over 5 min, limit 14.4× · 82 % of the budget left". */
export function describeBurn(burn: AlertBurn | null): string {
  if (burn === null) return 'Burns its error budget too fast'
  const long = `${formatBurn(burn.longBurn)} over ${formatWindow(burn.longSeconds)}`
  const short = `${formatBurn(burn.shortBurn)} over ${formatWindow(burn.shortSeconds)}`
  const left = burn.budgetRemaining === null ? '' : ` · ${formatBudget(burn.budgetRemaining)} of the budget left`
  const line = `Burn ${long}, ${short}, limit ${formatFactor(burn.factor)}${left}`
  // A number and its unit stay together where the line breaks.
  return line.replace(/(\d) (?=%|(?:d|h|min|s)\b)/g, '$1\u00a0')
}

/** Bad events of a window; fractions of a minute at its old edge make it fractional. */
export function badEvents(burn: WindowBurn): number {
  return burn.total - burn.good
}

/** How full the bar of a burn is against its threshold, 0..1. */
export function burnFill(burn: number | null, factor: number): number {
  return burn === null ? 0 : Math.max(0, Math.min(1, burn / (factor * 1.5)))
}

/** Burn over the window nearest to an hour, the figure of lists and tables. */
export function burnOf(status: SloStatus | null, windowSeconds: number): number | null {
  return status?.burns.find((burn) => burn.windowSeconds === windowSeconds)?.burnRate ?? null
}
