import type { EventCounts } from './minute.ts'

export const MINUTES_OF_DAY = 1440
export const HOURS_OF_DAY = 24

/** Good and total events by minute of one UTC day, with sums by hour. Minutes are numbered 0 to 1439. */
export abstract class MinutesOfDay {
  abstract good(index: number): number
  abstract total(index: number): number
  abstract isMeasured(index: number): boolean
  /** Adds a whole hour, 0 to 23. */
  protected abstract addHour(into: EventCounts, hour: number): void
  /** Adds the whole day. */
  protected abstract addDay(into: EventCounts): void
  /** True when no minute holds an event: cheap, where looking at every minute is not. */
  abstract isWithoutEvents(): boolean

  /** The first measured minute, -1 without one. */
  firstMeasured(): number {
    for (let i = 0; i < MINUTES_OF_DAY; i++) if (this.isMeasured(i)) return i
    return -1
  }

  /** Newest minute not after `last` that was measured, and with events when `withEvents`; -1 without one. */
  newest(last: number, withEvents: boolean): number {
    for (let i = last; i >= 0; i--) if (this.isMeasured(i) && (!withEvents || this.total(i) > 0)) return i
    return -1
  }

  /** Adds minutes first..last, both included, to `into`. */
  addTo(into: EventCounts, first: number, last: number): void {
    if (first === 0 && last === MINUTES_OF_DAY - 1) {
      this.addDay(into)
      return
    }
    for (let i = first; i <= last;) {
      if (i % 60 === 0 && i + 59 <= last) {
        this.addHour(into, i / 60)
        i += 60
      } else {
        into.good += this.good(i)
        into.total += this.total(i)
        i++
      }
    }
  }
}
