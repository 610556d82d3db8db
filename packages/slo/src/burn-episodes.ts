import type { MinuteSeries } from './minute-series.ts'
import { HOUR_MS, MINUTE_MS } from './minute.ts'
import type { Span } from './window-span.ts'

/** Calm minutes that a burn may pause for without counting as a new one. */
const LONGEST_PAUSE_MS = 5 * MINUTE_MS

/**
 * The burns of the minutes that start in [from, to): minutes whose share of bad events is above 1 - target, joined where
 * at most five calm minutes (good, empty or unmeasured) lie between them, if together they saw at least as many bad events
 * as the budget allows for the hour before. At a high target one failure is a bad minute, and no burn. The calm minutes
 * between belong to the burn. Of slices of time, which stand in their last minute, `sliceMs` is the length.
 */
export function burnEpisodes(
  minutes: Pick<MinuteSeries, 'minutes' | 'sum'>,
  target: number,
  { from = -Infinity, to = Infinity, sliceMs = MINUTE_MS }: Partial<Span> & { sliceMs?: number } = {},
): Span[] {
  const episodes: (Span & { bad: number })[] = []
  let last: (Span & { bad: number }) | undefined
  for (const [minute, { good, total }] of minutes.minutes(from, to)) {
    const bad = total - good
    if (total === 0 || bad / total <= 1 - target) continue
    const end = minute + MINUTE_MS
    if (last && end - sliceMs - last.to <= LONGEST_PAUSE_MS) {
      last.to = end
      last.bad += bad
    } else episodes.push((last = { from: minute, to: end, bad }))
  }
  const hourBefore = (at: number) => minutes.sum(at - HOUR_MS, at - MINUTE_MS).total
  return episodes
    .filter((one) => one.bad >= (1 - target) * hourBefore(one.from))
    .map((one) => ({ from: one.from, to: one.to }))
}
