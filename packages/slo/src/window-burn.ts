import type { WindowBurn } from '@nines/contracts'
import { MINUTE_MS, minuteOf, type EventCounts } from './minute.ts'
import type { MinuteCounts } from './minute-counts.ts'

/**
 * Events in (now - windowSeconds, now]. The open minute counts with what it holds so far; the oldest minute counts by
 * the fraction of it that lies in the window, as if its events were spread evenly.
 */
export function windowCounts(minutes: MinuteCounts, now: number, windowSeconds: number): EventCounts {
  if (minutes.windowCounts) return minutes.windowCounts(now, windowSeconds)
  const start = now - windowSeconds * 1000
  const oldest = minuteOf(start)
  const inside = (oldest + MINUTE_MS - start) / MINUTE_MS
  const counts = minutes.sum(oldest + MINUTE_MS, minuteOf(now))
  const edge = minutes.get(oldest)
  if (!edge) return counts
  return { good: counts.good + edge.good * inside, total: counts.total + edge.total * inside }
}

/** (bad / total) / (1 - target): 1 spends the budget exactly over the SLO's window. null without events. Unrounded. */
export function burnRate({ good, total }: EventCounts, target: number): number | null {
  return total === 0 ? null : (total - good) / total / (1 - target)
}

/** Counts and burn over one window. */
export function windowBurnAt(minutes: MinuteCounts, now: number, windowSeconds: number, target: number): WindowBurn {
  const counts = windowCounts(minutes, now, windowSeconds)
  return { windowSeconds, ...counts, burnRate: burnRate(counts, target) }
}
