/** Events of one minute (its start, epoch ms). */
export interface ImpactMinute {
  minute: number
  good: number
  total: number
}

const MINUTE_MS = 60_000
/** Good or empty minutes that impact may pause for without counting as a new one. */
const LONGEST_PAUSE_MINUTES = 5

/**
 * First minute of the impact that an alert fired on: going back from the alert, the minutes whose share of bad events is
 * above 1 - target, with pauses of up to five minutes. null when no bad minute lies shortly before the alert.
 *
 * @param minutes ascending
 */
export function impactStart(minutes: readonly ImpactMinute[], target: number, firedAt: number): number | null {
  let start: number | null = null
  let expected = Math.floor(firedAt / MINUTE_MS) * MINUTE_MS
  for (const { minute, good, total } of minutes.toReversed()) {
    if (minute > firedAt) continue
    if (expected - minute > LONGEST_PAUSE_MINUTES * MINUTE_MS) break
    if (total === 0 || (total - good) / total <= 1 - target) continue
    start = minute
    expected = minute - MINUTE_MS
  }
  return start
}
