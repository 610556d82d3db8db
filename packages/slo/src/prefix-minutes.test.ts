import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MinuteSeries } from './minute-series.ts'
import { MINUTE_MS } from './minute.ts'
import { PrefixMinutes } from './prefix-minutes.ts'

const FROM = Date.UTC(2026, 9, 24, 23, 30)
const minute = (n: number) => FROM + n * MINUTE_MS

test('reads what a series of the minutes known so far reads, whatever is asked', () => {
  const slice = fc.record({ n: fc.integer({ min: -5, max: 65 }), total: fc.nat(9), bad: fc.nat(9) })
  const ask = fc.record({
    known: fc.integer({ min: -2, max: 70 }),
    first: fc.integer({ min: -9, max: 70 }),
    span: fc.nat(60),
  })
  fc.assert(
    fc.property(fc.array(slice, { maxLength: 40 }), fc.array(ask, { minLength: 1, maxLength: 8 }), (slices, asks) => {
      const all = new MinuteSeries()
      for (const { n, total, bad } of slices) all.set(minute(n), { good: total - Math.min(bad, total), total })
      const prefix = new PrefixMinutes(all, FROM, minute(60))
      for (const { known, first, span } of asks) {
        const series = new MinuteSeries()
        for (const [at, counts] of all.minutes(FROM, minute(Math.min(known, 60)))) series.set(at, counts)
        prefix.knowUntil(minute(known) + 30_000)
        const last = first + span
        expect(prefix.sum(minute(first), minute(last))).toEqual(series.sum(minute(first), minute(last)))
        expect(prefix.get(minute(first))).toEqual(series.get(minute(first)))
        // How far history reaches back is known whole: a pair must not look young where the stretch begins in a gap.
        const ever = all.firstMinute()
        expect(prefix.firstMinute()).toBe(ever !== null && ever < FROM ? ever : series.firstMinute())
        for (const withEvents of [true, false])
          expect(prefix.newestMinute(minute(first), withEvents)).toBe(series.newestMinute(minute(first), withEvents))
      }
    }),
  )
})
