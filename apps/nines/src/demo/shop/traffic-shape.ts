const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** Visits a second at the busiest hour. */
const PEAK_VISITS_PER_SECOND = 20
/** Most people shop in the afternoon (UTC). */
const BUSIEST_HOUR = 15

/** Visits a second at an instant: a wave over the day between half the peak and the peak, and quieter weekends. */
export function visitsPerSecond(at: number): number {
  const hour = (at % DAY_MS) / HOUR_MS
  const wave = 0.75 + 0.25 * Math.cos(((hour - BUSIEST_HOUR) / 24) * 2 * Math.PI)
  const weekday = new Date(at).getUTCDay()
  const weekend = weekday === 0 || weekday === 6 ? 0.85 : 1
  return PEAK_VISITS_PER_SECOND * wave * weekend
}
