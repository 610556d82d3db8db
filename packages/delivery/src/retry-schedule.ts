const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/**
 * Waits after the 1st, 2nd, … failed attempt, then an hour each. Standard Webhooks' own schedule spans 75 hours, right for
 * integrations and wrong for pages: this one makes five attempts in the first two minutes, and the escalation goes on beside it.
 */
const WAITS_MS = [5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE]

/** A message is given up this long after it was made. */
export const GIVE_UP_AFTER_MS = 24 * HOUR

export interface FailedAttempt {
  /** Attempts made so far, this one included. */
  attempts: number
  /** Time since the message was made. */
  ageMs: number
  /** What the receiver asked for, where it did. Honoured up to an hour. */
  retryAfterSeconds: number | null
  /** Uniform in [0, 1): spreads the retries of many messages by up to a fifth. */
  random: number
}

/** How long to wait before the next attempt, in milliseconds; null when the message is given up. */
export function retryDelayMs({ attempts, ageMs, retryAfterSeconds, random }: FailedAttempt): number | null {
  const scheduled = (WAITS_MS[attempts - 1] ?? HOUR) * (1 + 0.2 * random)
  const asked = Math.min((retryAfterSeconds ?? 0) * SECOND, HOUR)
  const wait = Math.round(Math.max(scheduled, asked))
  return ageMs + wait > GIVE_UP_AFTER_MS ? null : wait
}

/** Seconds of a Retry-After header, as a number or an HTTP date; null when absent or unreadable. */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null
  if (/^\s*\d+\s*$/.test(header)) return Number(header)
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / SECOND))
}
