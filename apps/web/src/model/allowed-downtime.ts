import { formatDuration } from './format-duration.ts'

/** Seconds of full outage that spend the whole budget: (1 - target) x window. */
export function allowedDowntimeSeconds(target: number, windowDays: number): number {
  return (1 - target) * windowDays * 86_400
}

/** The target in words a team can feel: "43 min 12 s of full outage in 30 days". */
export function describeAllowedDowntime(target: number, windowDays: number): string {
  if (!(target > 0 && target < 1) || !(windowDays > 0)) return 'Enter a target between 0 and 100 %, both excluded'
  const seconds = Math.round(allowedDowntimeSeconds(target, windowDays))
  return `${formatDuration(seconds)} of full outage in ${windowDays === 1 ? '1 day' : `${windowDays} days`}`
}

/** One bad event in how many spends the budget: 0.999 -> "1 in 1,000". */
export function describeAllowedEvents(target: number): string {
  const every = 1 / (1 - target)
  return `1 bad event in ${new Intl.NumberFormat('en', { maximumFractionDigits: every < 10 ? 1 : 0 }).format(Number(every.toPrecision(9)))}`
}
