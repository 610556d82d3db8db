import type { DecidedResult } from './evaluate-rules.ts'
import { MINUTE_MS } from './minute.ts'

/** Windows move by themselves: one whose rules are true or nearly is looked at this often. */
export const ATTENTIVE_MS = 1_000
/**
 * Without new data a window moves for a minute at most and then stands still, and what is far from its factor stays far:
 * such an SLO can wait. Longer than the 15 s between two reports of most senders, whose data is looked at as it comes.
 */
export const CALM_MS = 20_000
/** Above this share of its factor a pair is nearly true. */
const NEAR = 0.5

/**
 * When to look at an SLO again if nothing arrives for it: the instant (epoch ms, after `now`) at which time alone may
 * change what its rules said at `now`. What arrives is looked at when it arrives.
 */
export function nextLookAt(
  results: readonly DecidedResult[],
  now: number,
  { silenceSeconds, isByTimeSlices }: { silenceSeconds: number; isByTimeSlices: boolean },
): number {
  let next = now + CALM_MS
  // A slice of time is judged at its end, which is the end of a minute.
  if (isByTimeSlices) next = Math.min(next, (Math.floor(now / MINUTE_MS) + 1) * MINUTE_MS)
  for (const result of results) {
    if (isRestless(result)) return now + ATTENTIVE_MS
    const { evidence } = result
    if (evidence.measuredUntil === null) continue
    const limitSeconds = evidence.kind === 'absence' ? evidence.unmeasuredSeconds : silenceSeconds
    const silentAt = evidence.measuredUntil + limitSeconds * 1000
    if (silentAt > now) next = Math.min(next, silentAt)
  }
  return next
}

function isRestless({ verdict, evidence }: DecidedResult): boolean {
  if (evidence.kind === 'absence') {
    // Past its limit, and what was received is not known so far yet.
    const isDue =
      evidence.measuredUntil !== null && evidence.at - evidence.measuredUntil >= evidence.unmeasuredSeconds * 1000
    return isDue && verdict === 'false'
  }
  if (evidence.frozen) return false
  if (verdict === 'true' || verdict === 'holding') return true
  return evidence.pairs.some(
    ({ factor, long, short, verdict: said }) =>
      said !== 'young' && Math.min(long.burnRate ?? 0, short.burnRate ?? 0) >= NEAR * factor,
  )
}
