import type { AlertBurn, BurnRateEvidence, BurnRatePair, SloStatus, WindowBurn } from '@nines/contracts'
import { formatWindow } from './format-duration.ts'
import { formatBurn, formatFactor } from './format-number.ts'
import { formatBudget } from './format-ratio.ts'

/** A pair in words: "burn ≥ 14.4× over 1 h and 5 min". */
export function describePair(pair: BurnRatePair): string {
  return `burn ≥ ${formatFactor(pair.factor)} over ${formatWindow(pair.longSeconds)} and ${formatWindow(pair.shortSeconds)}`
}

/** The sentence that answers "why did it fire?", from the pairs that were true; else which came closest. */
export function explainEvidence(evidence: BurnRateEvidence): string {
  const hit = evidence.pairs.find((pair) => pair.verdict === 'true')
  if (hit !== undefined) {
    const burns = `${formatBurn(hit.long.burnRate)} over ${formatWindow(hit.longSeconds)} and ${formatBurn(hit.short.burnRate)} over ${formatWindow(hit.shortSeconds)}`
    return `The error budget burned ${burns}; both reach the threshold of ${formatFactor(hit.factor)}.`
  }
  if (evidence.pairs.every((pair) => pair.verdict === 'no_data')) {
    return 'No events in the windows. Silence neither fires nor resolves an alert.'
  }
  return 'No pair of windows reaches its threshold now.'
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
