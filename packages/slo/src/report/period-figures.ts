import {
  compareDecimals,
  decimalOf,
  minus,
  numberOf,
  ONE,
  plus,
  times,
  ZERO,
  type Decimal,
  type ReportAmount,
  type ReportResult,
} from '@nines/contracts'
import type { EventCounts } from '../minute.ts'

/** What was measured while one target held. */
export interface TargetedCounts extends EventCounts {
  /** Fraction of good events that was promised. */
  target: number
  /** Seconds that count: those of the time in force less the excluded ones. */
  seconds: number
}

/** What a period allowed, and what came of it. */
export interface PeriodFigures extends EventCounts {
  sli: number | null
  result: ReportResult
  budget: Omit<ReportAmount, 'share'>
  consumed: ReportAmount
  left: ReportAmount
}

/**
 * Sums up the parts of an objective's period, each event judged by the target that held when it happened: the budget is the sum
 * of (1 - target) x total, and the objective was met when no more than that was bad. With one target that is SLI >= target.
 * Counts and targets are taken as the decimals that they are written as, so that the comparison is exact. Each event of
 * a time-based SLI is `sliceMinutes` long; 0 for others. Counts that were computed, not counted, carry the rounding of doubles: bad
 * events that are off the allowed ones by no more than the share `alike` of all events are taken to be as many.
 */
export function periodFigures(
  parts: readonly TargetedCounts[],
  { sliceMinutes, alike }: { sliceMinutes: number; alike: number },
): PeriodFigures {
  const sumOf = (value: (part: TargetedCounts) => Decimal) => parts.reduce((sum, part) => plus(sum, value(part)), ZERO)
  const good = sumOf((part) => decimalOf(part.good))
  const total = sumOf((part) => decimalOf(part.total))
  const allowed = sumOf((part) => times(missOf(part.target), decimalOf(part.total)))
  const outageSeconds = numberOf(sumOf((part) => times(missOf(part.target), decimalOf(part.seconds))))
  const notGood = minus(total, good)
  const bad = isNear(notGood, allowed, times(total, decimalOf(alike))) ? allowed : notGood
  const [badEvents, allowedEvents] = [numberOf(bad), numberOf(allowed)]
  const counts = { good: numberOf(good), total: numberOf(total) }
  const minutes = (events: number) => (sliceMinutes === 0 ? null : events * sliceMinutes)
  if (total.digits === 0n) {
    const nothing = { events: null, minutes: null, share: null, outageSeconds: null }
    const budget = { events: null, minutes: null, outageSeconds }
    return { ...counts, sli: null, result: 'undefined', budget, consumed: nothing, left: nothing }
  }
  const share = badEvents / allowedEvents
  const leftEvents = numberOf(minus(allowed, bad))
  const leftShare = leftEvents / allowedEvents
  return {
    ...counts,
    sli: counts.good / counts.total,
    result: compareDecimals(bad, allowed) <= 0 ? 'met' : 'missed',
    budget: { events: allowedEvents, minutes: minutes(allowedEvents), outageSeconds },
    consumed: { events: badEvents, minutes: minutes(badEvents), share, outageSeconds: share * outageSeconds },
    left: {
      events: leftEvents,
      minutes: minutes(leftEvents),
      share: leftShare,
      outageSeconds: leftShare * outageSeconds,
    },
  }
}

function isNear(a: Decimal, b: Decimal, within: Decimal): boolean {
  return compareDecimals(minus(a, b), within) <= 0 && compareDecimals(minus(b, a), within) <= 0
}

/** The share of events that a target lets be bad. */
function missOf(target: number): Decimal {
  return minus(ONE, decimalOf(target))
}
