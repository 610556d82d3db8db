import { calendarUnit, type getSloReport, type QueryOf, type SloReport } from '@nines/contracts'
import { z } from 'zod'
import { toInputValue } from './format-time.ts'
import { searchText } from './logs-search.ts'

const instant = z.iso.datetime({ offset: true }).optional().catch(undefined)

/** The state of the Reports page, as its URL holds it: sent to a colleague, it is the same report. */
export const reportSearch = z.object({
  period: calendarUnit.optional().catch(undefined),
  /** A day of the period, by the clocks of the zone. */
  date: z.iso.date().optional().catch(undefined),
  zone: searchText,
  /** Two instants instead of a period. */
  from: instant,
  to: instant,
  /** Id, or `none`. */
  team: searchText,
  service: searchText,
  asOf: instant,
})
export type ReportSearch = z.infer<typeof reportSearch>

/** Whether the URL names its time by two instants. */
export function isCustom({ from, to }: ReportSearch): boolean {
  return from !== undefined && to !== undefined
}

/** What the API is asked for; the month that is under way by UTC where the URL says nothing. */
export function reportQuery(search: ReportSearch): QueryOf<typeof getSloReport> {
  const { period, date, zone = 'UTC', from, to, team, service, asOf } = search
  const shared = { zone, team, service, asOf }
  return isCustom(search) ? { ...shared, from, to } : { ...shared, period: period ?? 'month', date }
}

/** The period next to a report's, as the URL holds it. */
export function neighbour(report: SloReport, direction: 'before' | 'after'): ReportSearch {
  const { period, previousPeriod } = report
  if (period.unit === null) {
    const length = period.to - period.from
    const from = direction === 'before' ? previousPeriod.from : period.to
    return { from: new Date(from).toISOString(), to: new Date(from + length).toISOString() }
  }
  const at = direction === 'before' ? previousPeriod.from : period.to
  return { period: period.unit, date: toInputValue(at, period.zone).slice(0, 10) }
}
