import type { MeasuredSli, TimeSlicesSli } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MINUTE_MS } from './minute.ts'
import { MinuteSeries } from './minute-series.ts'
import { countedMinutes, NotedMinutes, TimeSlices } from './time-slices.ts'
import { windowBurnAt, windowCounts } from './window-burn.ts'

const BASE = Date.UTC(2026, 2, 29)
const of: MeasuredSli = { kind: 'availability', checkId: 'chk_1' }
const sli = fc
  .record({ sliceMinutes: fc.integer({ min: 1, max: 5 }), sliceTarget: fc.constantFrom(0.5, 0.9, 1) })
  .chain(({ sliceMinutes, sliceTarget }) =>
    fc.constantFrom<TimeSlicesSli>(
      { kind: 'time_slices', of, sliceMinutes, sliceTarget },
      { kind: 'ratio_time_slices', of, sliceMinutes },
    ),
  )
const writes = fc.array(
  fc.record({
    minute: fc.integer({ min: 0, max: 59 }).map((i) => BASE + i * MINUTE_MS),
    total: fc.integer({ min: 0, max: 6 }),
    bad: fc.integer({ min: 0, max: 6 }),
    adds: fc.boolean(),
  }),
  { maxLength: 80 },
)

/** Slices as plainly as can be: every slice of the hour by its own sum. */
function oracle(minutes: Map<number, [number, number]>, spec: TimeSlicesSli, now: number): [number, number[]][] {
  const slices: [number, number[]][] = []
  for (let i = 0; i < 60; i += spec.sliceMinutes) {
    const inside = [...minutes].filter(
      ([m]) => m >= BASE + i * MINUTE_MS && m < BASE + (i + spec.sliceMinutes) * MINUTE_MS,
    )
    if (inside.length === 0 || BASE + (i + spec.sliceMinutes) * MINUTE_MS > now) continue
    const good = inside.reduce((sum, [, counts]) => sum + counts[0], 0)
    const total = inside.reduce((sum, [, counts]) => sum + counts[1], 0)
    const last = BASE + (i + spec.sliceMinutes - 1) * MINUTE_MS
    if (total === 0) slices.push([last, [0, 0]])
    else if (spec.kind === 'ratio_time_slices') slices.push([last, [good / total, 1]])
    else slices.push([last, [good / total >= spec.sliceTarget ? 1 : 0, 1]])
  }
  return slices
}
const asList = (series: MinuteSeries) =>
  [...series.minutes()].map(([minute, { good, total }]) => [minute, [good, total]])

test('stream = batch: slices judged as minutes change are those that an oracle makes of all minutes at once', () => {
  fc.assert(
    fc.property(
      sli,
      writes,
      fc.integer({ min: 0, max: 70 }),
      fc.integer({ min: 1, max: 9 }),
      (spec, changes, nowMinute, every) => {
        const now = BASE + nowMinute * MINUTE_MS + 1000
        const minutes = new NotedMinutes()
        const time = new TimeSlices(spec, minutes)
        const plain = new Map<number, [number, number]>()
        const judge = (at: number) => {
          time.judge(minutes.noted, at)
          minutes.noted.clear()
        }
        for (const [i, { minute, total, bad, adds }] of changes.entries()) {
          const good = Math.max(0, total - bad)
          const before = plain.get(minute)
          if (adds) minutes.add(minute, good, total)
          else minutes.set(minute, { good, total })
          plain.set(minute, adds ? [good + (before?.[0] ?? 0), total + (before?.[1] ?? 0)] : [good, total])
          // Time passes while minutes change; what is judged is judged again.
          if (i % every === 0) judge(Math.min(now, BASE + i * MINUTE_MS))
        }
        judge(now)
        const expected = oracle(plain, spec, now)
        expect(asList(time.slices)).toEqual(expected)
        expect(asList(countedMinutes(spec, minutes, now))).toEqual(expected)
      },
    ),
    { numRuns: 300 },
  )
})

test('a slice target is reached exactly, an open slice is not judged, and a quiet stretch is no uptime', () => {
  const minutes = new MinuteSeries()
  minutes.set(BASE, { good: 99, total: 100 })
  minutes.set(BASE + MINUTE_MS, { good: 98, total: 100 })
  minutes.set(BASE + 3 * MINUTE_MS, { good: 0, total: 0 })
  minutes.set(BASE + 4 * MINUTE_MS, { good: 0, total: 1 })
  const spec: TimeSlicesSli = { kind: 'time_slices', of, sliceMinutes: 1, sliceTarget: 0.99 }
  const now = BASE + 5 * MINUTE_MS - 1
  expect(asList(countedMinutes(spec, minutes, now))).toEqual([
    [BASE, [1, 1]],
    [BASE + MINUTE_MS, [0, 1]],
    [BASE + 3 * MINUTE_MS, [0, 0]],
  ])
  expect(windowCounts(countedMinutes(spec, minutes, now + 1), now + 1, 600)).toEqual({ good: 1, total: 3 })
})

test('events weigh nothing beside time: ten requests at night are as much as ten thousand by day', () => {
  const minutes = new MinuteSeries()
  for (let hour = 0; hour < 24; hour++) {
    const isNight = hour < 8
    for (let i = 0; i < 60; i++) {
      const counts = isNight ? { good: 5, total: 10 } : { good: 9999, total: 10_000 }
      minutes.set(BASE + (hour * 60 + i) * MINUTE_MS, counts)
    }
  }
  const now = BASE + 24 * 60 * MINUTE_MS
  const burn = (spec: TimeSlicesSli) => windowBurnAt(countedMinutes(spec, minutes, now), now, 86_400, 0.9).burnRate
  expect(burn({ kind: 'ratio_time_slices', of, sliceMinutes: 1 })).toBeCloseTo((0.5 * 8 + 0.0001 * 16) / 24 / 0.1, 9)
  expect(burn({ kind: 'time_slices', of, sliceMinutes: 1, sliceTarget: 0.999 })).toBeCloseTo(8 / 24 / 0.1, 9)
  expect(burn({ kind: 'time_slices', of, sliceMinutes: 1, sliceTarget: 0.5 })).toBe(0)
})
