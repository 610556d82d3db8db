import type { RuleVerdict } from '@nines/contracts'

/** What whoever counts the minutes has heard of, epoch ms. */
export interface Hearing {
  /** It has listened without a break since. */
  since: number
  /** Everything that was received by then is counted. */
  until: number
}

/**
 * Whether an SLO has gone unmeasured for `limitSeconds`. What was received and not counted yet is no silence, and who has not
 * listened that long cannot tell (no_data): neither a restart nor a backlog of ours pages for every SLO there is. An SLO
 * that was never measured waits for its first measurement.
 */
export function absenceVerdict(measuredUntil: number | null, limitSeconds: number, heard: Hearing): RuleVerdict {
  if (measuredUntil === null) return 'no_data'
  if (heard.until - measuredUntil < limitSeconds * 1000) return 'false'
  return heard.until - heard.since >= limitSeconds * 1000 ? 'true' : 'no_data'
}
