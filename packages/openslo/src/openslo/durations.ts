/** Seconds of each unit; a month is 30 days, a quarter 90 and a year 365, as the OpenSLO SDK counts. */
const SECONDS = { m: 60, h: 3600, d: 86_400, w: 604_800, M: 2_592_000, Q: 7_776_000, Y: 31_536_000 } as const

/** Seconds of an OpenSLO duration such as `30d`. */
export function secondsOf(duration: string): number {
  const unit = duration.slice(-1) as keyof typeof SECONDS
  return Number(duration.slice(0, -1)) * SECONDS[unit]
}

/** Days of a window that Nines can compute, undefined for others. */
export function wholeDays(seconds: number): number | undefined {
  const days = seconds / 86_400
  return Number.isInteger(days) && days >= 1 && days <= 366 ? days : undefined
}
