import type { DesiredRule } from '../desired/desired.ts'
import { severityOf } from '../desired/severity-of.ts'
import type { PyrraDocument } from './pyrra-document.ts'

type Alerting = PyrraDocument['spec']['alerting']

/** Pyrra's four alerts: windows are parts of the SLO's (here as divisors of it), factors are fixed. */
const TIERS = [
  { name: 'fast burn', key: 'fastBurn', long: 28 * 24, short: 28 * 24 * 12, wait: 28 * 24 * 30, factor: 14 },
  { name: 'medium burn', key: 'mediumBurn', long: 28 * 4, short: 28 * 24 * 2, wait: 28 * 24 * 4, factor: 7 },
  { name: 'slow burn', key: 'slowBurn', long: 28, short: 28 * 12, wait: 28 * 24, factor: 2 },
  { name: 'long-term burn', key: 'longTermBurn', long: 7, short: 28 * 4, wait: 28 * 8, factor: 1 },
] as const

/** The burn-rate alerts that Pyrra generates for a window, each a rule of its own since each waits its own time. */
export function pyrraRules(windowSeconds: number, alerting: Alerting): DesiredRule[] {
  const enabled = alerting?.disabled !== true && alerting?.burnrates !== false
  return TIERS.map((tier, i) => {
    const named = alerting?.severities?.[tier.key]
    return {
      name: tier.name,
      severity: named ? severityOf(named) : i < 2 ? 'critical' : 'warning',
      enabled,
      condition: {
        kind: 'burn_rate',
        pairs: [
          {
            longSeconds: part(windowSeconds, tier.long),
            shortSeconds: part(windowSeconds, tier.short),
            factor: tier.factor,
          },
        ],
        forSeconds: part(windowSeconds, tier.wait),
        resolveAfterSeconds: 60,
        match: 'any',
        clearBelow: 1,
        significance: null,
        minBadEvents: 1,
      },
    }
  })
}

/** A part of a window, rounded to the minute as Pyrra does. */
function part(windowSeconds: number, divisor: number): number {
  return Math.round(windowSeconds / divisor / 60) * 60
}
