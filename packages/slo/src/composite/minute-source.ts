import type { EventCounts } from '../minute.ts'

/** Minutes that others follow from. */
export interface MinuteSource {
  get(minute: number): EventCounts | null
  newestMinute(now: number, withEvents: boolean): number | null
  /** First minute that was measured; of a composite by any of its members. */
  earliestMinute(): number | null
  /** Has changes remembered, which nobody needs of most series. */
  follow(): void
  /** Starts of the hours with a minute that changed after so many changes (see changesSoFar). */
  hoursChangedSince(changes: number): Iterable<number>
}
