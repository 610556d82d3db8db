import type { DataState, SloStatus, WindowBurn } from '@nines/contracts'
import { SILENCE_SECONDS, type RuleResult, type SloTerms } from './evaluate-rules.ts'
import type { MinuteCounts } from './minute-counts.ts'
import { MINUTE_MS } from './minute.ts'
import { objectiveStatusAt } from './objective-status.ts'
import { windowBurnAt } from './window-burn.ts'

/** Windows that every status shows, besides those of the SLO's rules. */
const SHOWN_WINDOWS_SECONDS = [300, 3600, 21_600, 86_400]

/** Status of one SLO at `now` (epoch ms), given what its rules say at the same instant. Nothing is rounded. */
export function sloStatusAt(
  minutes: MinuteCounts,
  slo: SloTerms,
  results: readonly RuleResult[],
  now: number,
  silenceSeconds = SILENCE_SECONDS,
): SloStatus {
  const first = objectiveStatusAt(minutes, slo, now)
  const remaining = first.budgetRemaining
  const isBurning = results.some(({ verdict, evidence }) => verdict === 'true' && evidence.kind === 'burn_rate')
  return {
    sloId: slo.sloId,
    version: slo.version,
    at: now,
    state: dataStateAt(minutes, { now, isBurning, remaining, silenceSeconds }),
    ...first,
    burns: statusBurns(minutes, slo, now),
    furtherObjectives: slo.furtherObjectives.map((objective) => objectiveStatusAt(minutes, objective, now)),
    lastEventAt: minutes.newestMinute(now, true),
  }
}

/**
 * bad: a rule is true now or the budget is spent. Otherwise, by what arrived in the last silenceSeconds: unmeasured
 * without measurements; idle with measurements that hold no events; good with events. Silence is never good.
 */
export function dataStateAt(
  minutes: MinuteCounts,
  given: { now: number; isBurning: boolean; remaining: number | null; silenceSeconds: number },
): DataState {
  if (given.isBurning || (given.remaining !== null && given.remaining <= 0)) return 'bad'
  const since = given.now - given.silenceSeconds * 1000
  const arrivedSince = (minute: number | null) => minute !== null && minute + MINUTE_MS > since
  if (!arrivedSince(minutes.newestMinute(given.now, false))) return 'unmeasured'
  return arrivedSince(minutes.newestMinute(given.now, true)) ? 'good' : 'idle'
}

function statusBurns(minutes: MinuteCounts, slo: SloTerms, now: number): WindowBurn[] {
  const pairs = slo.rules.flatMap(({ condition }) => (condition.kind === 'burn_rate' ? condition.pairs : []))
  const windows = new Set([...SHOWN_WINDOWS_SECONDS, ...pairs.flatMap((pair) => [pair.longSeconds, pair.shortSeconds])])
  return [...windows].sort((a, b) => a - b).map((seconds) => windowBurnAt(minutes, now, seconds, slo.target))
}
