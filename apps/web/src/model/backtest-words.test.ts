import type { BacktestReport } from '@nines/contracts'
import { expect, test } from 'vitest'
import { describeAlerts, measuredSpan, replayedText } from './backtest-words.ts'

const rule = (action: 'page' | 'ticket') => ({ action }) as BacktestReport['rules'][number]
const report = (pages: number, tickets: number, ...actions: ('page' | 'ticket')[]) =>
  ({ pages, tickets, rules: actions.map(rule) }) as BacktestReport

test.each([
  [report(3, 1, 'page', 'ticket'), 'paged 3 times and opened 1 ticket'],
  [report(1, 0, 'page', 'ticket'), 'paged once and opened no ticket'],
  [report(0, 0, 'page'), 'never paged'],
  [report(0, 2, 'ticket'), 'opened 2 tickets'],
  [report(0, 0), 'alerted nobody: there is no rule'],
])('%#: %s', (given, words) => {
  expect(describeAlerts(given)).toBe(words)
})

test.each([
  [90 * 1440, 'the last 90 days'],
  [36 * 60, 'the last 36 hours'],
  [1, 'the last 1 minute'],
])('%d minutes: %s', (minutes, words) => {
  expect(replayedText({ from: 0, to: minutes * 60_000 })).toBe(words)
})

test('what is shown begins with the first measurement; without any it is all there is', () => {
  const coverage = { gaps: [{ from: 0, to: 50 }] } as BacktestReport['coverage']
  expect(measuredSpan({ from: 0, to: 90, coverage })).toEqual({ from: 50, to: 90 })
  expect(measuredSpan({ from: 0, to: 50, coverage })).toEqual({ from: 0, to: 50 })
  expect(measuredSpan({ from: -1, to: 90, coverage })).toEqual({ from: -1, to: 90 })
})
