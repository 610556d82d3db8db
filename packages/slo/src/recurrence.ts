import type { CorrectionSchedule } from '@nines/contracts'
import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import type { Span } from './window-span.ts'

const PARTS =
  /^(FREQ|INTERVAL|COUNT|UNTIL|BYDAY|BYMONTH|BYMONTHDAY|BYYEARDAY|BYWEEKNO|BYSETPOS|BYHOUR|BYMINUTE|WKST)=[\w,+-]+$/i
const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']
/** Once an hour and more often would be a sieve, not a time. */
const MOST_TIMES_A_DAY = 24

/** What is wrong with a recurrence rule, in words that complete "the rule …"; null when nothing is. */
export function recurrenceProblem({ rrule, ...schedule }: CorrectionSchedule): string | null {
  if (rrule === null) return null
  const parts = rrule.toUpperCase().split(';')
  const unknown = parts.find((part) => !PARTS.test(part))
  if (unknown !== undefined) return `has the part “${unknown}”, which is none that can be used here`
  const frequency = parts.find((part) => part.startsWith('FREQ='))?.slice(5) ?? ''
  if (!FREQUENCIES.includes(frequency)) return `needs FREQ, one of ${FREQUENCIES.join(', ')}`
  try {
    const rule = ruleOf({ ...schedule, rrule })
    // The library leaves out what it cannot use, such as hour 25: such a rule would mean something else.
    const kept = rule.toString().toUpperCase().split('RRULE:')[1]?.split(';') ?? []
    const values = (part: string) => part.split('=')[1]?.split(',').length
    const lost = parts.find((part) => {
      const same = kept.find((other) => other.split('=')[0] === part.split('=')[0])
      return same === undefined ? part !== 'WKST=MO' && part !== 'INTERVAL=1' : values(same) !== values(part)
    })
    if (lost !== undefined) return `has a value that cannot be in “${lost}”`
    const timesADay = ['BYHOUR=', 'BYMINUTE='].map(
      (name) => values(parts.find((part) => part.startsWith(name)) ?? 'x=1') ?? 1,
    )
    if (timesADay.reduce((a, b) => a * b, 1) > MOST_TIMES_A_DAY)
      return `recurs more than ${MOST_TIMES_A_DAY} times a day`
    if (
      startsIn({ ...schedule, rrule }, { from: schedule.startsAt, to: schedule.startsAt + 10 * 366 * 86_400_000 })
        .length === 0
    )
      return 'never comes within ten years of its start'
    return null
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
}

/**
 * The spans of a schedule that overlap with [from, to), ascending. Each recurrence begins when the clocks of the zone show
 * the first start's time and lasts exactly as long as the first (RFC 5545, 3.8.5.3); recurrences may overlap.
 */
export function occurrencesIn(schedule: CorrectionSchedule, { from, to }: Span): Span[] {
  const { startsAt, endsAt, rrule } = schedule
  const length = endsAt - startsAt
  if (length <= 0) return []
  if (rrule === null) return startsAt < to && endsAt > from ? [{ from: startsAt, to: endsAt }] : []
  return startsIn(schedule, { from: from - length + 1, to }).map((at) => ({ from: at, to: at + length }))
}

/** End of the last span of a schedule that ends by itself; null for one that goes on. */
export function lastEndOf(schedule: CorrectionSchedule): number | null {
  const { startsAt, endsAt, rrule } = schedule
  if (rrule === null) return endsAt
  if (!/(^|;)(COUNT|UNTIL)=/i.test(rrule)) return null
  const last = ruleOf(schedule).all().at(-1)
  return last === undefined ? startsAt : last.epochMilliseconds + endsAt - startsAt
}

/** Starts in [from, to). */
function startsIn(schedule: CorrectionSchedule, { from, to }: Span): number[] {
  const first = Math.max(from, schedule.startsAt)
  if (to <= first) return []
  const at = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(schedule.timeZone)
  return ruleOf(schedule)
    .between(at(first), at(to - 1), true)
    .map((start) => start.epochMilliseconds)
}

function ruleOf({ startsAt, rrule, timeZone }: CorrectionSchedule) {
  const dtstart = Temporal.Instant.fromEpochMilliseconds(startsAt).toZonedDateTimeISO(timeZone)
  return new RRuleTemporal({ rruleString: rrule ?? '', dtstart, temporal: Temporal })
}
