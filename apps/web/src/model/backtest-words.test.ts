import type { BacktestReport } from '@nines/contracts'
import { expect, test } from 'vitest'
import { describeAlerts, replayedText } from './backtest-words.ts'

const rule = (action: 'page' | 'ticket') => ({ action }) as BacktestReport['rules'][number]
const report = (pages: number, tickets: number, ...actions: ('page' | 'ticket')[]) =>
  ({ pages, tickets, rules: actions.map(rule) }) as BacktestReport

test.each([
  [report(3, 1, 'page', 'ticket'), 'paged 3 times and opened 1 ticket'],
  [report(1, 0, 'page', 'ticket'), 'paged 1 time and opened no ticket'],
  [report(0, 0, 'page'), 'paged never'],
  [report(0, 2, 'ticket'), 'opened 2 tickets'],
  [report(0, 0), 'alerted nobody: there is no rule'],
])('%#: %s', (given, words) => {
  expect(describeAlerts(given)).toBe(words)
})

test('days from two on, hours below', () => {
  expect(replayedText({ from: 0, to: 90 * 86_400_000 })).toBe('the last 90 days')
  expect(replayedText({ from: 0, to: 36 * 3_600_000 })).toBe('the last 36 hours')
})
