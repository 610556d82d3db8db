import type { MinuteCounts } from '../minute-counts.ts'

/** Newest minute that any of several series measured. */
export function newestMinuteOf(
  series: readonly Pick<MinuteCounts, 'newestMinute'>[],
): Pick<MinuteCounts, 'newestMinute'> {
  return {
    newestMinute(now, withEvents) {
      const newest = series.flatMap((one) => one.newestMinute(now, withEvents) ?? [])
      return newest.length === 0 ? null : Math.max(...newest)
    },
  }
}
