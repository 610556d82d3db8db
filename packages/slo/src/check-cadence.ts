import { MINUTE_MS } from './minute.ts'

/** From an instant on, epoch ms, a check runs every so many seconds; null: it does not run. */
export interface CadenceStep {
  from: number
  intervalSeconds: number | null
}

/**
 * How often a check ran over time, ascending: what is owed in a minute is said by the interval of that minute, whatever it was
 * changed to since. The time before the first step is taken to be like it. Empty: nothing runs at a rate that is known.
 */
export type CheckCadence = readonly CadenceStep[]

/** Of everything that is no check. One object, so that what did not change is the same. */
export const NO_CADENCE: CheckCadence = []

/** Runs that one location owes in the minute: instants of the check's grid that lie in it. null where it does not run. */
export function expectedRuns(minute: number, cadence: CheckCadence): number | null {
  let expected: number | null = null
  for (const { from, to, intervalSeconds } of stretchesOf(cadence)) {
    const [start, end] = [Math.max(minute, from), Math.min(minute + MINUTE_MS, to)]
    if (start >= end || intervalSeconds === null) continue
    const intervalMs = intervalSeconds * 1000
    expected = (expected ?? 0) + Math.ceil(end / intervalMs) - Math.ceil(start / intervalMs)
  }
  return expected
}

/**
 * The instant at which so many runs (fractions too) have become due since `since`, epoch ms: at once where the check does not
 * run, for nothing is awaited of it.
 */
export function runsDueAt(cadence: CheckCadence, since: number, runs: number): number {
  let left = runs
  let at = since
  for (const { to, intervalSeconds } of stretchesOf(cadence)) {
    if (to <= at) continue
    if (intervalSeconds === null) break
    const dueAt = at + left * intervalSeconds * 1000
    if (dueAt <= to) return dueAt
    left -= (to - at) / (intervalSeconds * 1000)
    at = to
  }
  return at
}

function* stretchesOf(cadence: CheckCadence): Generator<{ from: number; to: number; intervalSeconds: number | null }> {
  for (const [i, { from, intervalSeconds }] of cadence.entries())
    yield { from: i === 0 ? -Infinity : from, to: cadence[i + 1]?.from ?? Infinity, intervalSeconds }
}
