import type { MinuteCounts } from './minute-counts.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from './minute.ts'
import { normalOf } from './normal-of.ts'

/** What comes is taken to be like these days. */
const RECENT_DAYS = 14
const HOURS = 24
/**
 * How fast days lose weight by their age, in days until half of it is left: drawn for each future, for nobody knows whether what
 * began lately will stay. The last one weighs all days alike.
 */
const HALF_LIVES = [1, 2, Infinity]
/** How far the level of a future may lie from that of the days it is made of, in units of how far days lie apart. */
const DRIFT = 0.5

/** A day by its hours: bad and total events. */
export interface DayOfHours {
  bad: Float64Array
  total: Float64Array
  /** 1 for the day that ended last. */
  age: number
}

/** Days that end at `at` (epoch ms), newest first, as far as they hold events. */
export function recentDays(minutes: MinuteCounts, at: number): DayOfHours[] {
  const days: DayOfHours[] = []
  for (let age = 1; age <= RECENT_DAYS; age++) {
    const hours = Array.from({ length: HOURS }, (_, hour) => {
      const from = at - age * DAY_MS + hour * HOUR_MS
      return minutes.sum(from, from + HOUR_MS - MINUTE_MS)
    })
    if (!hours.some(({ total }) => total > 0)) continue
    days.push({
      age,
      bad: Float64Array.from(hours, ({ good, total }) => total - good),
      total: Float64Array.from(hours, ({ total }) => total),
    })
  }
  return days
}

/** How one future goes: its days one after the other, and by what their bad events are multiplied. */
export interface Future {
  nextDay: () => DayOfHours
  level: number
}

/**
 * Draws futures that are made of whole days, so that the hours of a day keep their order and what goes together in them.
 *
 * - Which days are how likely is itself drawn for each future (a Bayesian bootstrap; Rubin, Annals of Statistics 9, 1981), by
 *   weights of the gamma distribution of shape 1/2, half a squared normal: few days make a wide interval.
 * - Weights fade with age by a half-life that is drawn too: the change of last night may stay or not.
 * - The level of the whole future is log-normal, its median that of its days, and wide where days differ much. Two weeks
 *   seldom hold the worst day there is, and a resampled mean knows only what was seen (a smoothed bootstrap; Silverman and
 *   Young, Biometrika 74, 1987). Where all days are alike it changes nothing.
 */
export function drawFutures(days: readonly DayOfHours[], random: () => number): () => Future {
  const sigma = DRIFT * spreadOf(days)
  return () => {
    const level = Math.exp(sigma * normalOf(random))
    const halfLife = HALF_LIVES[Math.floor(random() * HALF_LIVES.length)] ?? Infinity
    const sums: number[] = []
    let sum = 0
    for (const { age } of days) sums.push((sum += (normalOf(random) ** 2 / 2) * 2 ** (-age / halfLife)))
    const nextDay = () => {
      const drawn = random() * sum
      const index = sums.findIndex((upTo) => drawn < upTo)
      return days[index < 0 ? days.length - 1 : index] as DayOfHours
    }
    return { nextDay, level }
  }
}

/** Standard deviation of the logarithm of a day's bad events, were they log-normal with the mean and variance that they have. */
function spreadOf(days: readonly DayOfHours[]): number {
  const bad = days.map((day) => day.bad.reduce((sum, count) => sum + count, 0))
  const mean = bad.reduce((sum, count) => sum + count, 0) / bad.length
  if (mean === 0) return 0
  const variance = bad.reduce((sum, count) => sum + (count - mean) ** 2, 0) / bad.length
  return Math.sqrt(Math.log(1 + variance / mean ** 2))
}
