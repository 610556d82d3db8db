import { expect, test } from 'vitest'
import { minuteCoverage } from './minute-coverage.ts'
import { MinuteSeries } from './minute-series.ts'
import { MINUTE_MS } from './minute.ts'

const FROM = Date.UTC(2026, 0, 1, 23, 58)
const minute = (n: number) => FROM + n * MINUTE_MS

test('idle minutes are measured, missing ones make gaps, also across midnight and at both ends', () => {
  const minutes = new MinuteSeries()
  minutes.set(minute(-1), { good: 1, total: 1 })
  for (const n of [1, 2, 5]) minutes.set(minute(n), { good: 0, total: n === 2 ? 0 : 3 })
  minutes.set(minute(8), { good: 1, total: 1 })
  expect(minuteCoverage(minutes, FROM, minute(8))).toEqual({
    minutes: 8,
    measured: 3,
    withEvents: 2,
    gaps: [
      { from: FROM, to: minute(1) },
      { from: minute(3), to: minute(5) },
      { from: minute(6), to: minute(8) },
    ],
  })
})

test('nothing at all is one gap; everything is none', () => {
  const none = new MinuteSeries()
  expect(minuteCoverage(none, FROM, minute(3)).gaps).toEqual([{ from: FROM, to: minute(3) }])
  for (let n = 0; n < 3; n++) none.set(minute(n), { good: 1, total: 1 })
  expect(minuteCoverage(none, FROM, minute(3))).toMatchObject({ measured: 3, gaps: [] })
})
