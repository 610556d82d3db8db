import type { EventCounts } from './minute.ts'

/** Events by minute as evaluation reads them. MinuteSeries is the one that live data goes into. */
export interface MinuteCounts {
  /** The minute's counts (epoch ms of its start), or null when it was not measured. */
  get(minute: number): EventCounts | null
  /** Sum over the minutes that start in first..last, both included. */
  sum(first: number, last: number): EventCounts
  /** First measured minute, or null. */
  firstMinute(): number | null
  /** Newest measured minute that starts at or before `now`, with events when asked; null without one. */
  newestMinute(now: number, withEvents: boolean): number | null
  /**
   * Events in (now - windowSeconds, now] where they are no sum over minutes: a composite combines windows, each as
   * windowCounts reads it.
   */
  windowCounts?(now: number, windowSeconds: number): EventCounts
  /** The same, each member's windows ending where its measuring ends, as those of a silent SLO do (see evaluateRules). */
  heldAt?(now: number): MinuteCounts
}
