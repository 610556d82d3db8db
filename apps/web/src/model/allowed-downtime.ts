import { nominalDays, windowText, type Objective } from '@nines/contracts'
import { formatDuration } from './format-duration.ts'

/** Seconds of full outage that spend the whole budget: (1 - target) x window, of the calendar's about. */
export function allowedDowntimeSeconds({ target, window }: Objective): number {
  return (1 - target) * nominalDays(window) * 86_400
}

/** The target in words a team can feel: "43 min 12 s of full outage in 30 days". */
export function describeAllowedDowntime(objective: Objective): string {
  const { target, window } = objective
  if (!(target > 0 && target < 1) || !(nominalDays(window) > 0))
    return 'Enter a target between 0 and 100 %, both excluded'
  const seconds = Math.round(allowedDowntimeSeconds(objective))
  const over =
    window.kind === 'rolling' ? `in ${windowText(window)}` : `a ${window.unit} of ${nominalDays(window)} days`
  return `${formatDuration(seconds)} of full outage ${over}`
}

/** One bad event in how many spends the budget: 0.999 -> "1 in 1,000". */
export function describeAllowedEvents(target: number): string {
  const every = 1 / (1 - target)
  return `1 bad event in ${new Intl.NumberFormat('en', { maximumFractionDigits: every < 10 ? 1 : 0 }).format(Number(every.toPrecision(9)))}`
}
