import { expect, test } from 'vitest'
import { dailyGist, namesText, quantileText, ruleText, trafficText } from './suggestion-words.ts'

test('figures of a suggestion in words', () => {
  expect(ruleText({ pages: 1, tickets: 0 })).toBe('1 page, no tickets')
  expect(ruleText({ pages: 0, tickets: 3 })).toBe('no pages, 3 tickets')
  expect([0.83, 9.96, 25_921].map(trafficText)).toEqual(['0.83 an hour', '10 an hour', '25,921 an hour'])
  expect(quantileText({ quantile: 0.99, value: 0.2611 }, 's')).toBe('p99 261 ms')
  expect(quantileText({ quantile: 0.999, value: 40 }, '{message}')).toBe('p99.9 40 message')
  expect(namesText(['shop-checkout', 'Shop checkout', 'pay'])).toBe('Shop checkout, pay')
})

test('the sparkline says how many days lie below the target', () => {
  const at = Date.UTC(2026, 10, 3)
  const days = [
    { at, good: 9, total: 10, sli: 0.9 },
    { at: at + 86_400_000, good: 10, total: 10, sli: 1 },
    { at: at + 172_800_000, good: 0, total: 0, sli: null },
  ]
  const evidence = { days, daysWithEvents: 2, worstDay: { at, sli: 0.9 }, medianDay: 0.95 }
  expect(dailyGist({ evidence, target: 0.95 } as never)).toBe(
    '2 days with events, median 95.00 %, worst 90.00 % on 3 Nov; 1 of them below the target',
  )
})
