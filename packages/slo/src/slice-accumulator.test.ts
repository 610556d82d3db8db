import type { SeriesDefinition, MeasuredSli, Temporality } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS } from './minute.ts'
import type { MinuteSeries } from './minute-series.ts'
import { SliceAccumulator } from './slice-accumulator.ts'
import { slicesFromPoints } from './slices-from-points.ts'
import { compileSli, type SeriesReduction } from './sli-reduction.ts'
import { asCounterPoint, oracleMinutes, oracleWindow, type OraclePoint } from './slo-oracle.fixture.ts'
import { windowCounts } from './window-burn.ts'

const BASE = Date.UTC(2026, 2, 29)
const GOOD_RATIO: MeasuredSli = {
  kind: 'ratio',
  good: { metric: 'good', matchers: [] },
  total: { metric: 'total', matchers: [] },
}
const BAD_RATIO: MeasuredSli = {
  kind: 'ratio',
  bad: { metric: 'bad', matchers: [] },
  total: { metric: 'total', matchers: [] },
}

function reductionOf(sli: MeasuredSli, series: string, temporality: Temporality): SeriesReduction {
  const definition: SeriesDefinition = {
    id: series,
    metric: series.replace(/\d+$/, ''),
    kind: 'sum',
    temporality,
    monotonic: true,
    unit: '',
    description: '',
    labels: {},
  }
  const reduction = compileSli(sli)(definition)
  if (!reduction) throw new Error(`${series} does not belong to the SLI`)
  return reduction
}

/** Counters with resets, gaps, restarts, unknown starts and repeats, over half an hour. */
const pointsOf = (names: string[]) =>
  fc.array(
    fc.record({
      series: fc.constantFrom(...names),
      at: fc.integer({ min: 0, max: 1800 }).map((s) => BASE + s * 1000),
      start: fc.oneof(
        fc.constant(0),
        fc.integer({ min: -600, max: 1800 }).map((s) => BASE + s * 1000),
      ),
      value: fc.integer({ min: 0, max: 100_000 }),
    }),
    { maxLength: 60 },
  )
const uniquePoints = (points: OraclePoint[]) => [
  ...new Map(points.toReversed().map((p) => [`${p.series} ${p.at}`, p])).values(),
]
const asMap = (minutes: MinuteSeries) =>
  new Map([...minutes.minutes()].map(([minute, { good, total }]) => [minute, [good + 0, total]]))
const sorted = (minutes: Map<number, number[]>) => [...minutes].sort(([a], [b]) => a - b)

const scenario = fc
  .record({
    temporality: fc.constantFrom<Temporality>('cumulative', 'delta'),
    sli: fc.constantFrom(GOOD_RATIO, BAD_RATIO),
  })
  .chain(({ temporality, sli }) => {
    const names = sli === BAD_RATIO ? ['bad1', 'total1', 'total2'] : ['good1', 'good2', 'total1']
    return pointsOf(names)
      .map(uniquePoints)
      .chain((points) =>
        fc.record({
          temporality: fc.constant(temporality),
          sli: fc.constant(sli),
          points: fc.constant(points),
          arrival: fc.shuffledSubarray([...points, ...points.slice(0, 10)], {
            minLength: points.length + Math.min(10, points.length),
          }),
        }),
      )
  })
const oracle = (points: OraclePoint[], temporality: Temporality, sli: MeasuredSli) =>
  oracleMinutes(points, temporality, sli === BAD_RATIO)

test('points in any order, repeated, leave the minutes of an oracle that sees all of them at once', () => {
  fc.assert(
    fc.property(scenario, fc.integer({ min: 0, max: 2400 }), ({ temporality, sli, points, arrival }, nowSeconds) => {
      const accumulator = new SliceAccumulator(BASE)
      for (const p of arrival) accumulator.add(p.series, reductionOf(sli, p.series, temporality), asCounterPoint(p))
      accumulator.refresh()
      const expected = oracle(points, temporality, sli)
      expect(sorted(asMap(accumulator.minutes))).toEqual(sorted(expected))
      const now = BASE + nowSeconds * 1000
      const counts = windowCounts(accumulator.minutes, now, 600)
      const [good, total] = oracleWindow(expected, now, 600)
      expect(counts.good).toBeCloseTo(good, 6)
      expect(counts.total).toBeCloseTo(total, 6)
    }),
    { numRuns: 400 },
  )
})

test('stream = batch: stored points give the slices that the stream gave', () => {
  fc.assert(
    fc.property(scenario, ({ temporality, sli, points, arrival }) => {
      const accumulator = new SliceAccumulator(BASE)
      for (const p of arrival) accumulator.add(p.series, reductionOf(sli, p.series, temporality), asCounterPoint(p))
      accumulator.refresh()
      const names = [...new Set(points.map((p) => p.series))]
      const batch = slicesFromPoints(
        names.map((name) => ({
          reduction: reductionOf(sli, name, temporality),
          points: points
            .filter((p) => p.series === name)
            .sort((a, b) => a.at - b.at)
            .map(asCounterPoint),
        })),
        BASE,
        BASE + 3_600_000,
      )
      expect(sorted(asMap(batch))).toEqual(sorted(asMap(accumulator.minutes)))
    }),
  )
})

test('a restart in the middle changes nothing: store for what is stored, stream for the rest, overlapping', () => {
  fc.assert(
    fc.property(
      scenario,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 30 }),
      ({ temporality, sli, points, arrival }, storedShare, overlapShare, tailMinute) => {
        const tail = BASE + tailMinute * 60_000
        const stored = uniquePoints(arrival.slice(0, Math.floor(arrival.length * storedShare)).toReversed())
        const streamed = arrival.slice(Math.floor(arrival.length * storedShare * overlapShare))
        const accumulator = new SliceAccumulator(tail)
        const feed = (rows: OraclePoint[]) => {
          for (const p of rows) accumulator.add(p.series, reductionOf(sli, p.series, temporality), asCounterPoint(p))
        }
        feed(streamed.slice(0, Math.ceil(streamed.length / 2)))
        for (const name of new Set(stored.map((p) => p.series))) {
          const rows = stored.filter((p) => p.series === name).sort((a, b) => a.at - b.at)
          accumulator.absorb(name, reductionOf(sli, name, temporality), rows.map(asCounterPoint))
        }
        feed(streamed.slice(Math.ceil(streamed.length / 2)))
        accumulator.refresh()
        const expected = sorted(oracle(points, temporality, sli)).filter(([minute]) => minute >= tail)
        expect(sorted(asMap(accumulator.minutes))).toEqual(expected)
      },
    ),
    { numRuns: 400 },
  )
})

test('points before the tail are late and change the tail only as the baseline of what follows', () => {
  const accumulator = new SliceAccumulator(BASE + 600_000)
  const reduction = reductionOf(GOOD_RATIO, 'total1', 'cumulative')
  const add = (second: number, value: number) =>
    accumulator.add(
      'total1',
      reduction,
      asCounterPoint({ series: 'total1', at: BASE + second * 1000, start: 0, value }),
    )
  const tailTotal = () => {
    accumulator.refresh()
    return accumulator.minutes.get(BASE + 600_000)?.total
  }
  expect(add(610, 100)).toBe('counted')
  expect(tailTotal()).toBe(0)
  expect(add(300, 40)).toBe('late')
  expect(tailTotal()).toBe(60)
  expect(add(500, 90)).toBe('late')
  expect(tailTotal()).toBe(10)
  expect(add(200, 1)).toBe('late')
  expect(tailTotal()).toBe(10)
  expect(add(610, 100)).toBe('duplicate')
  expect(accumulator.minutes.get(BASE + 300_000)).toBeNull()
})

test('changed minutes are given out once, when they have ended, and again after a late point or a failed write', () => {
  const accumulator = new SliceAccumulator(BASE)
  const reduction = reductionOf(GOOD_RATIO, 'total1', 'delta')
  const add = (second: number) =>
    accumulator.add(
      'total1',
      reduction,
      asCounterPoint({ series: 'total1', at: BASE + second * 1000, start: 0, value: 1 }),
    )
  add(10)
  add(70)
  expect(accumulator.takeChanged(BASE + 60_000)).toEqual([BASE])
  expect(accumulator.takeChanged(BASE + 60_000)).toEqual([])
  expect(accumulator.takeChanged(BASE + 120_000)).toEqual([BASE + 60_000])
  add(20)
  expect(accumulator.takeChanged(BASE + 120_000)).toEqual([BASE])
  accumulator.giveBack([BASE])
  expect(accumulator.takeChanged(BASE + 120_000)).toEqual([BASE])
})

test('settled minutes come from the store; a minute of the tail is left to its points', () => {
  const accumulator = new SliceAccumulator(BASE + 120_000)
  accumulator.restore(BASE, Float64Array.of(5, NaN, 7), Float64Array.of(10, NaN, 7))
  const counted = slicesFromPoints([], BASE, BASE)
  counted.set(BASE + 60_000, { good: 1, total: 2 })
  counted.set(BASE + 120_000, { good: 9, total: 9 })
  expect(accumulator.settle(BASE, BASE + 180_000, counted)).toBe(true)
  expect(sorted(asMap(accumulator.minutes))).toEqual([
    [BASE, [0, 0]],
    [BASE + 60_000, [1, 2]],
  ])
  expect(accumulator.takeChanged(Infinity)).toEqual([BASE, BASE + 60_000])
  expect(accumulator.settle(BASE + 60_000, BASE + 180_000, counted)).toBe(false)
})

test('a series that ended is forgotten, and counted as if it had not been once its last point is brought back', () => {
  const sli: MeasuredSli = { kind: 'ratio', good: { metric: 'a', matchers: [] }, total: { metric: 'a', matchers: [] } }
  const reduction = reductionOf(sli, 'a', 'cumulative')
  const point = (at: number, value: number) => ({ at, start: BASE - DAY_MS, counts: [value], bounds: null })
  const accumulator = new SliceAccumulator(BASE)
  accumulator.add('ended', reduction, point(BASE + 1000, 100))
  accumulator.add('living', reduction, point(BASE + 1000, 100))
  accumulator.advance(BASE + HOUR_MS)
  accumulator.add('living', reduction, point(BASE + HOUR_MS + 1000, 150))
  expect([...accumulator.forgetSilent(BASE).keys()]).toEqual([])
  expect([...accumulator.forgetSilent(BASE + HOUR_MS).keys()]).toEqual(['ended'])
  expect([accumulator.hasSeries('ended'), accumulator.hasSeries('living')]).toEqual([false, true])
  accumulator.add('ended', reduction, point(BASE + HOUR_MS + 5000, 130))
  accumulator.absorb('ended', reduction, [point(BASE + 1000, 100)])
  accumulator.refresh()
  expect(accumulator.minutes.get(BASE + HOUR_MS)).toEqual({ good: 80, total: 80 })
})
