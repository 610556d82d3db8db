import type { BudgetReading, SloStatus } from '@nines/contracts'
import { measuredUntilAt } from './evaluate-rules.ts'
import type { MinuteCounts } from './minute-counts.ts'

/**
 * Since when nothing was measured, once that has lasted for silenceSeconds; null while something is, and where nothing ever
 * was. `measured`: the minutes as they were measured, `now` epoch ms.
 */
export function unmeasuredSinceAt(
  measured: Pick<MinuteCounts, 'newestMinute'>,
  now: number,
  silenceSeconds: number,
): number | null {
  const until = measuredUntilAt(measured, now)
  return until !== null && now - until >= silenceSeconds * 1000 ? until : null
}

type ReadStatus = Pick<SloStatus, 'version' | 'at' | 'state' | 'unmeasuredSince' | 'furtherObjectives'> &
  Pick<SloStatus, 'target' | 'window' | 'from' | 'to' | 'budgetRemaining'>

/** What a status says of the budgets of all objectives of its SLO. */
export function budgetReadingOf(status: ReadStatus): BudgetReading {
  const { version, at, state, unmeasuredSince, furtherObjectives } = status
  return {
    version,
    at,
    // A spent budget is bad also while nothing is measured.
    isMeasured: state !== 'unmeasured' && (unmeasuredSince ?? null) === null,
    objectives: [status, ...furtherObjectives].map(({ target, window, from, to, budgetRemaining }, objective) => ({
      objective,
      target,
      window,
      from,
      to,
      budgetRemaining,
    })),
  }
}
