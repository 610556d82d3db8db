const FIRST_MS = 50
const LONGEST_MS = 5_000
/** Whoever has run this long is taken for healthy again, and its next crash for a first one. */
const STABLE_AFTER_MS = 30_000

/**
 * Milliseconds to wait before the next start. `crashes` counts those in a row including this one, from 1: the
 * first restart comes at once, later ones twice as late each time.
 */
export function restartDelayMs(crashes: number): number {
  return Math.min(FIRST_MS * 2 ** (crashes - 1), LONGEST_MS)
}

/** Crashes in a row after one more, given how long the process had been up. */
export function countCrash(crashesBefore: number, uptimeMs: number): number {
  return uptimeMs >= STABLE_AFTER_MS ? 1 : crashesBefore + 1
}
