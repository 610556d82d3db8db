import { alertTitle, type AlertBurn, type AlertEvidence, type WindowBurn } from '@nines/contracts'

export interface AlertSubject {
  serviceName: string
  sloName: string
}

/** One line for pages, lists and timelines: what burns, how fast and how much budget is left. */
export function alertSummary(subject: AlertSubject, evidence: AlertEvidence | null): string {
  const what = alertTitle(subject.serviceName, subject.sloName)
  if (evidence?.kind === 'absence') {
    return `${what} is not measured: nothing arrived for ${spanText(evidence.unmeasuredSeconds)}`
  }
  const pair = evidence?.pairs.find((p) => p.verdict === 'true')
  if (!evidence || !pair) return `${what} burns its error budget too fast`
  const burns = `${burnText(pair.long)}, ${burnText(pair.short)}`
  const left = evidence.budgetRemaining === null ? '' : `, ${percentText(evidence.budgetRemaining)} of the budget left`
  return `${what} burns its error budget too fast (${burns}; limit ${factorText(pair.factor)}${left})`
}

/** The figures of the pair that is true; null when none is, and for a rule that watches silence. */
export function alertBurnOf(evidence: AlertEvidence | null): AlertBurn | null {
  if (evidence?.kind !== 'burn_rate') return null
  const pair = evidence.pairs.find((p) => p.verdict === 'true')
  if (!pair) return null
  const { longSeconds, shortSeconds, factor, long, short } = pair
  const { budgetRemaining } = evidence
  return { longSeconds, shortSeconds, factor, longBurn: long.burnRate, shortBurn: short.burnRate, budgetRemaining }
}

function burnText(burn: WindowBurn): string {
  const rate = burn.burnRate === null ? 'no data' : factorText(burn.burnRate)
  return `${rate} over ${spanText(burn.windowSeconds)}`
}

function factorText(factor: number): string {
  return `${factor >= 100 ? Math.round(factor) : Number(factor.toFixed(1))}x`
}

function percentText(fraction: number): string {
  const percent = fraction * 100
  return `${Math.abs(percent) >= 10 ? Math.round(percent) : Number(percent.toFixed(1))} %`
}

function spanText(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`
  if (seconds % 3600 === 0) return `${seconds / 3600} h`
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
}
