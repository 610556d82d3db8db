import type { MinuteSeries } from './minute-series.ts'
import { MINUTE_MS } from './minute.ts'

/** Calm minutes that a burn may pause for without counting as a new one. */
const LONGEST_PAUSE_MS = 5 * MINUTE_MS

/** Time in which a budget was spent faster than it lasts, whole minutes in [from, to), epoch ms. */
export interface BurnEpisode {
  from: number
  to: number
}

/**
 * The burns of the minutes that start in [from, to): minutes whose share of bad events is above 1 - target, joined where
 * at most five calm minutes (good, empty or unmeasured) lie between them. The calm minutes between belong to the burn.
 */
export function burnEpisodes(minutes: MinuteSeries, target: number, from = -Infinity, to = Infinity): BurnEpisode[] {
  const episodes: BurnEpisode[] = []
  let last: BurnEpisode | undefined
  for (const [minute, { good, total }] of minutes.minutes(from, to)) {
    if (total === 0 || (total - good) / total <= 1 - target) continue
    const end = minute + MINUTE_MS
    if (last && minute - last.to <= LONGEST_PAUSE_MS) last.to = end
    else episodes.push((last = { from: minute, to: end }))
  }
  return episodes
}
