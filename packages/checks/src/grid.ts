import { createHash } from 'node:crypto'

/** A check at one location. Its runs lie on a grid that survives restarts. */
export interface GridKey {
  checkId: string
  location: string
  intervalMs: number
}

/**
 * Phase of a check's grid in milliseconds, 0 <= offset < intervalMs: a hash of check and location. It spreads checks of
 * one interval evenly over it, and the locations of one check too, without any state.
 */
export function gridOffsetMs({ checkId, location, intervalMs }: GridKey): number {
  const digest = createHash('sha256').update(`${checkId}\n${location}`).digest()
  return digest.readUIntBE(0, 6) % intervalMs
}

/**
 * The first grid instant after `now`, epoch ms. Instants are multiples of the interval since the epoch plus the offset,
 * so they never drift, and every process computes the same ones.
 */
export function nextRunAt(now: number, key: GridKey): number {
  const offset = gridOffsetMs(key)
  return (Math.floor((now - offset) / key.intervalMs) + 1) * key.intervalMs + offset
}

/** Unique name of the run of a check at one grid instant: reporting it twice changes nothing. */
export function checkRunId(checkId: string, location: string, scheduledAt: number): string {
  return `${checkId}@${location}@${scheduledAt}`
}
