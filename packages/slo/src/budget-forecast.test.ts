import type { Objective } from '@nines/contracts'
import { expect, test } from 'vitest'
import { forecastBudget } from './budget-forecast.ts'
import { DAY_MS, HOUR_MS } from './minute.ts'
import { MinuteSeries } from './minute-series.ts'

const NOW = Date.UTC(2026, 5, 20)
const SLO: Objective = { target: 0.999, window: { kind: 'rolling', days: 30 } }

/** One minute an hour stands for the hour: what a forecast sums up anyway. */
function history(days: number, badShareOf: (day: number, hour: number) => number, from = NOW - days * DAY_MS) {
  const minutes = new MinuteSeries()
  for (let hour = 0; hour < days * 24; hour++) {
    const total = 100_000
    const bad = Math.round(total * badShareOf(Math.floor(hour / 24), hour % 24))
    minutes.set(from + hour * HOUR_MS, { good: total - bad, total })
  }
  return minutes
}

test('a steady burn that began lately: spent when what is left and what leaves the window say, without doubt', () => {
  // Calm for 16 days, then twice the budget's rate: it is spent once 15 such days are in the window of 30.
  const minutes = history(30, (day) => (day < 16 ? 0 : 0.002))
  const forecast = forecastBudget(minutes, SLO, NOW, 1)
  expect(forecast).toMatchObject({ days: 14, chance: 1, horizonSeconds: 30 * 86_400 })
  for (const seconds of [forecast?.lowSeconds, forecast?.medianSeconds, forecast?.highSeconds])
    expect((seconds ?? NaN) / 86_400).toBeCloseTo(1, 1)
})

test('the same minutes and seed give the same; nothing burns: never; spent: now; too little: nothing said', () => {
  const wild = history(30, (day, hour) => ((day * 7 + hour) % 11 === 0 ? 0.004 : 0))
  expect(forecastBudget(wild, SLO, NOW, 7)).toEqual(forecastBudget(wild, SLO, NOW, 7))
  const none = { lowSeconds: null, medianSeconds: null, highSeconds: null, chance: 0 }
  expect(
    forecastBudget(
      history(30, () => 0),
      SLO,
      NOW,
      1,
    ),
  ).toMatchObject(none)
  const spent = { lowSeconds: 0, medianSeconds: 0, highSeconds: 0, chance: 1 }
  expect(
    forecastBudget(
      history(30, () => 0.01),
      SLO,
      NOW,
      1,
    ),
  ).toMatchObject(spent)
  expect(
    forecastBudget(
      history(2, () => 0.0001),
      SLO,
      NOW,
      1,
    ),
  ).toBeNull()
  expect(forecastBudget(new MinuteSeries(), SLO, NOW, 1)).toBeNull()
})

test('the budget of a calendar period is renewed at its end, which is as far as is looked', () => {
  const window = { kind: 'calendar' as const, unit: 'month' as const, zone: 'UTC' }
  const forecast = forecastBudget(
    history(19, () => 0.0012),
    { target: 0.999, window },
    NOW,
    1,
  )
  // 19 of 30 days at 1.2: the month's budget is spent after 25 days.
  expect((forecast?.medianSeconds ?? NaN) / 86_400).toBeCloseTo(6, 1)
  expect(forecast?.horizonSeconds).toBe(11 * 86_400)
  expect(
    forecastBudget(
      history(19, () => 0.0009),
      { target: 0.999, window },
      NOW,
      1,
    )?.chance,
  ).toBe(0)
})
