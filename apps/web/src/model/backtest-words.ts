import type { BacktestReport } from '@nines/contracts'
import { formatDuration } from './format-duration.ts'

const times = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`

/** "paged 3 times and opened 1 ticket", of the rules that are there. */
export function describeAlerts({ rules, pages, tickets }: Pick<BacktestReport, 'rules' | 'pages' | 'tickets'>): string {
  const parts = [
    rules.some((rule) => rule.action === 'page')
      ? pages === 0
        ? 'never paged'
        : `paged ${pages === 1 ? 'once' : `${pages} times`}`
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
  return `Over ${replayedText(measuredSpan(report))} this would have ${describeAlerts(report)}.${spent}`
}

/** What there is to show: from the first measurement on, where there is none at the beginning. Epoch ms. */
export function measuredSpan({ from, to, coverage }: Pick<BacktestReport, 'from' | 'to' | 'coverage'>): {
  from: number
  to: number
} {
  const [first] = coverage.gaps
  return { from: first?.from === from && first.to < to ? first.to : from, to }
}

/** "the last 90 days"; below two days "the last 36 hours", below two hours "the last 5 minutes". */
export function replayedText({ from, to }: { from: number; to: number }): string {
  const minutes = Math.round((to - from) / 60_000)
  if (minutes < 120) return `the last ${times(minutes, 'minute', 'minutes')}`
  return minutes < 2880 ? `the last ${Math.round(minutes / 60)} hours` : `the last ${Math.round(minutes / 1440)} days`
}
