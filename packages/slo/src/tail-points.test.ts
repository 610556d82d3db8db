import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CounterPoint } from './counter-increase.ts'
import { SeriesTrack } from './series-track.ts'
import { ObjectPoints, ScalarPoints, type TailPoints } from './tail-points.ts'

const point = (at: number, value: number): CounterPoint => ({ at, start: at - 1, counts: [value], bounds: null })

test('points of one number are the same in one piece of memory as in objects', () => {
  const step = fc.oneof(
    fc.record({ place: fc.nat(), value: fc.double() }),
    fc.record({ drop: fc.integer({ min: 0, max: 5 }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const both: [TailPoints, TailPoints] = [new ScalarPoints(), new ObjectPoints()]
      for (const [i, one] of steps.entries()) {
        for (const points of both) {
          if ('drop' in one) points.dropFirst(Math.min(one.drop, points.length))
          else points.insert(one.place % (points.length + 1), point(i, one.value))
        }
      }
      const [scalars, objects] = both
      expect(scalars.length).toBe(objects.length)
      for (let place = -1; place <= objects.length; place++) {
        expect(scalars.get(place)).toEqual(objects.get(place))
        expect(scalars.at(place)).toBe(objects.at(place))
      }
    }),
  )
})

test('a series whose points change their shape keeps those it has', () => {
  const reduction = {
    temporality: 'cumulative' as const,
    weigh: (increase: readonly number[]) => ({ good: 0, total: increase.reduce((sum, count) => sum + count, 0) }),
  }
  const track = new SeriesTrack(reduction, 0)
  track.insert(point(1_000, 5))
  track.insert(point(3_000, 9))
  track.insert({ at: 2_000, start: 0, counts: [1, 2], bounds: [0.5] })
  expect(track.instants()).toEqual([1_000, 2_000, 3_000])
  expect(track.contribution(1).total).toBe(3)
})
