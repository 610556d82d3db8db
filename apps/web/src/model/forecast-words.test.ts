import type { BudgetForecast } from '@nines/contracts'
import { expect, test } from 'vitest'
import { forecastWords } from './forecast-words.ts'

const DAY = 86_400
const forecast = (low: number | null, median: number | null, high: number | null, chance = 1): BudgetForecast => ({
  at: 0,
  lowSeconds: low,
  medianSeconds: median,
  highSeconds: high,
  chance,
  horizonSeconds: 30 * DAY,
  days: 14,
})

test.each([
  [null, '–', 'needs three days with events'],
  [forecast(0, 0, 0), 'Spent', 'nothing is left'],
  [forecast(8.2 * DAY, 12 * DAY, 20.6 * DAY), 'in 12 d', '80 %: 8 d to 21 d'],
  [forecast(1.5 * DAY, 12 * DAY, null, 0.8), 'in 12 d', '80 %: 1 d 12 h to beyond 30 d'],
  [forecast(20 * DAY, null, null, 0.3), 'after 30 d', '80 %: 20 d to beyond 30 d'],
  [forecast(null, null, null, 0.04), 'Not soon', '96 % sure to last 30 d'],
  [forecast(null, null, null, 0), 'Not soon', '> 99 % sure to last 30 d'],
])('%#', (given, value, note) => {
  expect(forecastWords(given)).toEqual({ value, note })
})
