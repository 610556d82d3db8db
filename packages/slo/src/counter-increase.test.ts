import { expect, test } from 'vitest'
import { counterIncrease, type CounterPoint } from './counter-increase.ts'

const NOON = Date.UTC(2026, 5, 1, 12)
const point = (at: number, counts: number[], start = 0, bounds: number[] | null = null): CounterPoint => ({
  at: NOON + at * 1000,
  start: start === 0 ? 0 : NOON + start * 1000,
  counts,
  bounds,
})

test.each<[string, CounterPoint | null, CounterPoint, number[]]>([
  ['a running total that grew', point(0, [10]), point(60, [25]), [15]],
  ['a running total that stood still', point(0, [10]), point(60, [10]), [0]],
  ['a total that fell was reset', point(0, [10]), point(60, [4]), [4]],
  ['a newer start is a reset even when the total grew', point(0, [10], -60), point(60, [12], 30), [12]],
  ['a start that trembles is none', point(0, [10_000], -60), point(60, [10_002], -59), [2]],
  ['a newer start before the former point is one where the total fell', point(0, [10], -60), point(60, [4], -1), [4]],
  ['an older start is none', point(0, [10], -30), point(60, [12], -60), [2]],
  ['a start that becomes known is none', point(0, [10]), point(60, [12], 30), [2]],
  ['first point, start unknown: baseline', null, point(0, [7]), [0]],
  ['first point, began five minutes before: counts', null, point(0, [7], -300), [7]],
  ['first point, began longer ago: baseline', null, point(0, [7], -301), [0]],
  ['first point, began after itself: baseline', null, point(0, [7], 1), [0]],
  ['buckets each by themselves', point(0, [5, 9], 0, [1]), point(60, [6, 3], 0, [1]), [1, 3]],
  ['other bounds are a restart', point(0, [5, 9], 0, [1]), point(60, [6, 10], 0, [2]), [6, 10]],
])('%s', (_what, previous, current, expected) => {
  expect(counterIncrease(previous, current, 'cumulative')).toEqual(expected)
})

test('increments are the increase, whatever came before', () => {
  expect(counterIncrease(point(0, [10]), point(60, [4]), 'delta')).toEqual([4])
  expect(counterIncrease(null, point(60, [4]), 'delta')).toEqual([4])
})
