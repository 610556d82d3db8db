import { percentText } from './choose-target.ts'

export interface WarnedOf {
  /** Of one event in the long windows: what the default rules need. */
  minBadEvents: number
  eventsPerHour: number
  coverage: number
  days: number
  provisional: boolean
  environments: readonly string[]
  /** Why the evidence is shorter than what was asked for; null where the data itself is. */
  shortened: string | null
}

/** Below, bad events that the rules wait for take minutes to come. */
const LOW_TRAFFIC_PER_HOUR = 100
const GOOD_COVERAGE = 0.95

/** What a person should know before saving a suggestion. */
export function suggestionWarnings(of: WarnedOf): string[] {
  const { minBadEvents, eventsPerHour, coverage, environments, shortened } = of
  const warnings: string[] = []
  if (of.provisional)
    warnings.push(
      `Provisional: from ${daysText(of.days)} of data, too little to know weekdays, weekends and deploys. Look again after a week.`,
    )
  if (shortened !== null) warnings.push(shortened)
  if (eventsPerHour < LOW_TRAFFIC_PER_HOUR && eventsPerHour > 0) {
    const minutes = Math.max(1, Math.round((minBadEvents / eventsPerHour) * 60))
    warnings.push(
      `Low traffic, ${countText(eventsPerHour)} events an hour: rules wait for at least ${minBadEvents} bad events that chance does not explain, so a total outage pages after about ${minutes} minutes at the earliest. A check that asks regularly notices sooner.`,
    )
  }
  if (coverage < GOOD_COVERAGE)
    warnings.push(
      `Only ${percentText(Math.round(coverage * 1000) / 1000)} of the minutes were measured: the rest counts neither as good nor as bad, and the silence rule will speak of it.`,
    )
  if (environments.length > 1)
    warnings.push(
      `Measured in several environments together (${environments.join(', ')}): add a condition for the one your users see.`,
    )
  return warnings
}

export function daysText(days: number): string {
  if (days < 1) {
    const hours = Math.max(1, Math.round(days * 24))
    return hours === 1 ? '1 hour' : `${hours} hours`
  }
  const rounded = days < 10 ? Number(days.toPrecision(2)) : Math.round(days)
  return rounded === 1 ? '1 day' : `${rounded} days`
}

function countText(count: number): string {
  return String(count < 10 ? Number(count.toPrecision(2)) : Math.round(count))
}
