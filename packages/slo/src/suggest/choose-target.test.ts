import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { assessSli } from './assess-sli.ts'
import { chooseTarget, TARGET_LADDER, type TargetEvidence } from './choose-target.ts'
import { DAY_MS, HOUR_MS } from '../minute.ts'
import { MinuteSeries } from '../minute-series.ts'

const FROM = Date.UTC(2026, 9, 1)
const WINDOW = { kind: 'rolling', days: 30 } as const

const evidence = (good: number, total: number, change: Partial<TargetEvidence> = {}): TargetEvidence => ({
  good,
  total,
  windows: [],
  windowDays: 7,
  eventsPerWindow: total,
  days: 30,
  ...change,
})

test.each([
  [1_000_000, 1_000_000, 0.9999],
  // 74 bad of a million leave more than a quarter of 99.99 %'s hundred; 76 do not.
  [999_926, 1_000_000, 0.9999],
  [999_924, 1_000_000, 0.9995],
  [999_000, 1_000_000, 0.998],
  [926_000, 1_000_000, 0.9],
  [924_000, 1_000_000, null],
  // A hundred requests allow five bad ones at 95 %.
  [100, 100, 0.95],
  [49, 49, null],
])('%d of %d good: %d', (good, total, target) => {
  expect(chooseTarget(evidence(good, total))?.target ?? null).toBe(target)
})

test('a window of the SLO or the evidence, whichever holds fewer events, says what traffic can show', () => {
  expect(chooseTarget(evidence(100_000, 100_000, { eventsPerWindow: 1_000 }))?.target).toBe(0.995)
  expect(chooseTarget(evidence(1_000, 1_000, { eventsPerWindow: 100_000 }))?.target).toBe(0.995)
})

test('one of ten windows may miss the target, two of nineteen may not', () => {
  const good = { good: 100_000, total: 100_000 }
  const bad = { good: 99_000, total: 100_000 }
  const withMisses = (misses: number, all: number) =>
    chooseTarget(
      evidence(9_999_800, 10_000_000, {
        windows: Array.from({ length: all }, (_, i) => (i < misses ? bad : good)),
      }),
    )
  expect(withMisses(1, 10)).toMatchObject({ target: 0.9999, met: 9 })
  expect(withMisses(1, 9)).toMatchObject({ target: 0.99, met: 9 })
  expect(withMisses(2, 19)).toMatchObject({ target: 0.99 })
})

test('why no higher one, and that little data is provisional', () => {
  const chosen = chooseTarget(evidence(9_985_000, 10_000_000, { days: 2.9 }))
  expect(chosen).toMatchObject({ target: 0.998, provisional: true })
  expect(chosen?.reason).toContain('99.9 % would have left less than a quarter of its budget')
  expect(chooseTarget(evidence(1_000, 1_000))?.reason).toContain('99.8 % would allow fewer than 5 bad events')
  expect(chooseTarget(evidence(1_000, 1_000))?.provisional).toBe(false)
})

/** Days of traffic: events an hour, and the share of them that is bad. */
const days = fc.array(
  fc.record({
    perHour: fc.constantFrom(0, 0, 1, 7, 200, 5_000, 100_000),
    badShare: fc.constantFrom(0, 0, 0.0001, 0.001, 0.01, 0.2, 1),
    hours: fc.integer({ min: 1, max: 24 }),
  }),
  { minLength: 1, maxLength: 40 },
)

function minutesOf(traffic: readonly { perHour: number; badShare: number; hours: number }[]): MinuteSeries {
  const minutes = new MinuteSeries()
  for (const [day, { perHour, badShare, hours }] of traffic.entries()) {
    for (let hour = 0; hour < hours; hour++) {
      const bad = Math.round(perHour * badShare)
      minutes.set(FROM + day * DAY_MS + hour * HOUR_MS, { good: perHour - bad, total: perHour })
    }
  }
  return minutes
}

test('a proposed target would have been met over the evidence and in nine of ten of its windows, counted by hand', () => {
  fc.assert(
    fc.property(days, (traffic) => {
      const to = FROM + traffic.length * DAY_MS
      const { chosen, good, total, days: length, firstAt } = assessSli(minutesOf(traffic), { from: FROM, to }, WINDOW)
      if (!chosen) return
      const { target } = chosen
      expect(TARGET_LADDER).toContain(target)
      // By hand, hour by hour: minutes hold whole hours here.
      const hours = traffic.flatMap(({ perHour, badShare, hours }, day) =>
        Array.from({ length: hours }, (_, hour) => ({
          at: FROM + day * DAY_MS + hour * HOUR_MS,
          bad: Math.round(perHour * badShare),
          total: perHour,
        })),
      )
      const sum = (from: number, end: number) => {
        const inside = hours.filter(({ at }) => at >= from && at < end)
        return {
          bad: inside.reduce((all, one) => all + one.bad, 0),
          total: inside.reduce((all, one) => all + one.total, 0),
        }
      }
      const whole = sum(FROM, to)
      expect([total, total - good]).toEqual([whole.total, whole.bad])
      expect(whole.bad).toBeLessThanOrEqual((1 - target) * whole.total)
      expect((1 - target) * whole.total).toBeGreaterThanOrEqual(5)
      const windowDays = Math.min(7, Math.max(1, Math.floor(length / 4)))
      const windows = []
      for (let end = to; end - windowDays * DAY_MS >= (firstAt ?? FROM); end -= DAY_MS)
        windows.push(sum(end - windowDays * DAY_MS, end))
      const busy = windows.filter((one) => one.total > 0)
      const missed = busy.filter((one) => one.bad > (1 - target) * one.total * (1 + 1e-12))
      expect(missed.length).toBeLessThanOrEqual(busy.length / 10)
      expect(chosen.provisional).toBe(length < 3)
    }),
    { numRuns: 150 },
  )
})

test('more bad events never make the target higher', () => {
  fc.assert(
    fc.property(days, fc.nat(), fc.integer({ min: 1, max: 100 }), (traffic, place, percent) => {
      const to = FROM + traffic.length * DAY_MS
      const worse = minutesOf(traffic)
      const written = [...worse.minutes()]
      const hit = written[place % written.length]
      if (!hit) return
      const [minute, { good, total }] = hit
      worse.set(minute, { good: Math.floor(good * (1 - percent / 100)), total })
      const before = assessSli(minutesOf(traffic), { from: FROM, to }, WINDOW).chosen?.target ?? 0
      const after = assessSli(worse, { from: FROM, to }, WINDOW).chosen?.target ?? 0
      expect(after).toBeLessThanOrEqual(before)
    }),
    { numRuns: 150 },
  )
})

test('days of UTC, cut at both ends; days without events have no SLI and are not the worst', () => {
  const minutes = new MinuteSeries()
  minutes.set(FROM + 12 * HOUR_MS, { good: 9, total: 10 })
  minutes.set(FROM + DAY_MS, { good: 0, total: 0 })
  minutes.set(FROM + 2 * DAY_MS, { good: 10, total: 10 })
  minutes.set(FROM + 2 * DAY_MS + HOUR_MS, { good: 0, total: 5 })
  const span = { from: FROM + 6 * HOUR_MS, to: FROM + 2 * DAY_MS + HOUR_MS }
  const { daily, firstAt, coverage, eventsPerHour } = assessSli(minutes, span, WINDOW)
  expect(daily.days.map(({ at, total, sli }) => [at - FROM, total, sli])).toEqual([
    [0, 10, 0.9],
    [DAY_MS, 0, null],
    [2 * DAY_MS, 10, 1],
  ])
  expect(daily).toMatchObject({ worst: { at: FROM, sli: 0.9 }, median: 0.95, withEvents: 2 })
  expect(firstAt).toBe(FROM + 12 * HOUR_MS)
  expect(coverage).toBeCloseTo(3 / (37 * 60), 12)
  expect(eventsPerHour).toBeCloseTo(20 / 37, 12)
  expect(assessSli(new MinuteSeries(), span, WINDOW)).toMatchObject({
    total: 0,
    chosen: null,
    firstAt: null,
    coverage: 0,
  })
})
