import {
  nominalDays,
  type AbsenceCondition,
  type BurnRateCondition,
  type BurnRatePair,
  type Objective,
  type Severity,
} from '@nines/contracts'

/** A rule that a new SLO starts with. */
export interface DefaultAlertRule<Condition = BurnRateCondition | AbsenceCondition> {
  name: string
  severity: Severity
  condition: Condition
}

interface PairPlan {
  longSeconds: number
  shortSeconds: number
  /** Share of the whole budget that may go in one long window before the pair is true. */
  budgetShare: number
}

const HOUR = 3600
/** Google SRE workbook, chapter 5, table 5-8: 14.4, 6, 3 and 1 over a window of 30 days. */
const PAGE: PairPlan[] = [
  { longSeconds: HOUR, shortSeconds: 300, budgetShare: 0.02 },
  { longSeconds: 6 * HOUR, shortSeconds: 1800, budgetShare: 0.05 },
]
const TICKET: PairPlan[] = [
  { longSeconds: 24 * HOUR, shortSeconds: 2 * HOUR, budgetShare: 0.1 },
  { longSeconds: 72 * HOUR, shortSeconds: 6 * HOUR, budgetShare: 0.1 },
]
/** A factor at the largest burn there is would need every event bad in the whole long window; this much suffices. */
const SHARE_OF_LARGEST_BURN = 0.8
/**
 * At 10 events an hour and a 99.9 % target, plain pairs page for chance alone some 40 times a year; with three bad
 * events 0.05 times, and a total outage still pages within 20 minutes (`npm run scenario -- low-traffic`).
 */
const MIN_BAD_EVENTS = 3
/**
 * Chance of a false alarm in one look at a service that exactly meets its target. A year holds 8,760 long windows of the
 * fast page pair and 365 of the fast ticket pair, looked at many times each: about one in ten is left of a false page
 * a year, and one false ticket. Larger where the price of a false alarm is an issue in a queue and not somebody's sleep.
 */
const PAGE_SIGNIFICANCE = 1e-5
const TICKET_SIGNIFICANCE = 1e-3
/** A burn has to fall a tenth below the factor to clear; on the fast pair at 99.9 % that is half a second later. */
const CLEAR_BELOW = 0.9
/** Some pushes of whoever reports once a minute may go astray, and a deploy may take a while. */
const UNMEASURED_SECONDS = 900

/**
 * Rules of a new SLO: "page" (critical) and "ticket" (warning), two pairs of windows each, and "silence" (warning).
 */
export function defaultAlertRules(slo: Objective): DefaultAlertRule[] {
  const condition = { kind: 'absence' as const, unmeasuredSeconds: UNMEASURED_SECONDS, resolveAfterSeconds: 60 }
  return [...defaultBurnRateRules(slo), { name: 'silence', severity: 'warning', condition }]
}

/**
 * The factor of a pair is share x W / long window, at least 1 (below, it would be true while the SLO is being met) and at
 * most 80 % of the largest possible burn 1/(1-target) (above 100 % it never would be). Pairs whose long window exceeds the
 * SLO's window are left out.
 */
export function defaultBurnRateRules({ target, window }: Objective): DefaultAlertRule<BurnRateCondition>[] {
  const slo = { target, windowDays: nominalDays(window) }
  return [
    { name: 'page', severity: 'critical' as const, plans: PAGE, significance: PAGE_SIGNIFICANCE },
    { name: 'ticket', severity: 'warning' as const, plans: TICKET, significance: TICKET_SIGNIFICANCE },
  ].map(({ name, severity, plans, significance }) => ({
    name,
    severity,
    condition: {
      kind: 'burn_rate',
      pairs: plans.filter((plan) => plan.longSeconds <= slo.windowDays * 86_400).map((plan) => scalePair(plan, slo)),
      match: 'any',
      forSeconds: 0,
      resolveAfterSeconds: 60,
      clearBelow: CLEAR_BELOW,
      minBadEvents: MIN_BAD_EVENTS,
      significance,
    },
  }))
}

function scalePair(plan: PairPlan, slo: { target: number; windowDays: number }): BurnRatePair {
  const { longSeconds, shortSeconds, budgetShare } = plan
  const windowsPerLong = (slo.windowDays * 86_400) / longSeconds
  const highest = SHARE_OF_LARGEST_BURN / (1 - slo.target)
  const factor = Math.max(1, Math.min(budgetShare * windowsPerLong, highest))
  // Twelve digits: 0.02 x 720 is 14.4, not 14.400000000000002.
  return { longSeconds, shortSeconds, factor: Number(factor.toPrecision(12)) }
}
