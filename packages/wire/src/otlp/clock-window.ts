/** Rows that are older are refused, whatever the signal: no store keeps anything longer. */
const MAX_AGE_MS = 400 * 86_400_000
/** How far a sender's clock may be ahead. */
export const MAX_AHEAD_MS = 10 * 60_000

/** Why an instant lies outside what is kept, '' when it does not. `what` is what happened then, as 'a record'. */
export function clockFault(ms: number, now: number, what: string): string {
  if (ms < now - MAX_AGE_MS) return `${what} is older than 400 days`
  return ms > now + MAX_AHEAD_MS ? `${what} is more than 10 minutes in the future` : ''
}
