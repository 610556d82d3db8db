import type { BacktestReport } from '@nines/contracts'
import { formatDuration } from './format-duration.ts'

const times = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`

/** "paged 3 times and opened 1 ticket", of the rules that are there. */
export function describeAlerts({ rules, pages, tickets }: BacktestReport): string {
  const parts = [
    rules.some((rule) => rule.action === 'page')
      ? `paged ${pages === 0 ? 'never' : times(pages, 'time', 'times')}`
      : null,
    rules.some((rule) => rule.action === 'ticket')
      ? `opened ${tickets === 0 ? 'no ticket' : times(tickets, 'ticket', 'tickets')}`
      : null,
  ].filter((part) => part !== null)
  return parts.length === 0 ? 'alerted nobody: there is no rule' : parts.join(' and ')
}

/** The whole report in a sentence, for those who cannot see the strip. */
export function backtestGist(report: BacktestReport): string {
  const { budget } = report
  const spent =
    budget.spentSeconds > 0 ? ` Nothing of the budget was left for ${formatDuration(budget.spentSeconds)}.` : ''
  return `Over ${replayedText(report)} this would have ${describeAlerts(report)}.${spent}`
}

/** "the last 90 days"; of less than two days "the last 36 hours". */
export function replayedText({ from, to }: Pick<BacktestReport, 'from' | 'to'>): string {
  const hours = Math.round((to - from) / 3_600_000)
  return hours < 48 ? `the last ${times(hours, 'hour', 'hours')}` : `the last ${Math.round(hours / 24)} days`
}
