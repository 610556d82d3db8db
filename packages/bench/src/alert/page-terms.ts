import { isDeepStrictEqual } from 'node:util'
import { NinesError } from '@nines/kernel'
import type { RuleTerms } from './burn-oracle.ts'

/** The page rule of a new SLO at 99.9 % over 30 days, written down here once more: what is asked of every system. */
export const PAGE_TERMS: RuleTerms = {
  target: 0.999,
  pairs: [
    { longSeconds: 3600, shortSeconds: 300, factor: 14.4 },
    { longSeconds: 21_600, shortSeconds: 1800, factor: 6 },
  ],
  minBadEvents: 3,
  significance: 1e-5,
}

/** Throws where an SLO's rule is not the one that the bench computes with. */
export function requirePageTerms(condition: Record<string, unknown>): void {
  const { pairs, minBadEvents, significance } = condition
  const { target, ...expected } = PAGE_TERMS
  if (!isDeepStrictEqual({ pairs, minBadEvents, significance }, expected))
    throw new NinesError('internal', `the default page rule at ${target} is ${JSON.stringify(condition)}`)
}

/** The same as an expression of Prometheus. */
export function pagePromql(metric: string, slo: string): string {
  const ratio = (seconds: number) =>
    `sum(rate(${metric}{slo="${slo}",status="500"}[${seconds}s])) / sum(rate(${metric}{slo="${slo}"}[${seconds}s]))`
  return PAGE_TERMS.pairs
    .map(({ longSeconds, shortSeconds, factor }) => {
      const limit = factor * (1 - PAGE_TERMS.target)
      return `(${ratio(longSeconds)} >= ${limit.toPrecision(12)} and ${ratio(shortSeconds)} >= ${limit.toPrecision(12)})`
    })
    .join(' or ')
}
