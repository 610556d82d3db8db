import { expect, test } from 'vitest'
import { evaluateSeries } from './evaluate-series.ts'
import { kernelOf, type WindowFunction } from './window-function.ts'

const SECOND = 1_000

/** The result over the window of `seconds` that ends at `end` (s). */
function at(
  name: WindowFunction,
  samples: readonly (readonly [second: number, value: number])[],
  { end, seconds, isDelta = false }: { end: number; seconds: number; isDelta?: boolean },
): number {
  const points = {
    at: Float64Array.from(samples, ([second]) => second * SECOND),
    value: Float64Array.from(samples, ([, value]) => value),
    length: samples.length,
  }
  const grid = { from: end * SECOND, step: 0, count: 1 }
  const out = new Float64Array(1)
  evaluateSeries(points, kernelOf(name, isDelta), { function: name, window: seconds * SECOND, grid }, out)
  return out[0]!
}

/** 10 a step of 15 s, begun at 1,000 so that zero is far. */
const steady = Array.from({ length: 21 }, (_, i) => [i * 15, 1_000 + i * 10] as const)

test('samples on both edges: the first is outside, and its step is made up by stretching to the start', () => {
  // In (0, 300]: 15 … 300, 19 steps of 10 over 285 s; the start is 15 s away, below 16.5 s, so it counts whole.
  expect(at('prometheus_increase', steady, { end: 300, seconds: 300 })).toBeCloseTo((190 * 300) / 285, 12)
  expect(at('prometheus_rate', steady, { end: 300, seconds: 300 })).toBeCloseTo(190 / 285, 12)
})

test('edges between samples are reached by stretching', () => {
  // In (7, 52]: 15, 30, 45: increase 20 over 30 s; 8 s to the start, 7 s to the end.
  expect(at('prometheus_increase', steady, { end: 52, seconds: 45 })).toBeCloseTo((20 * 45) / 30, 12)
})

test('where samples keep away from an edge, half a step is added and no more', () => {
  // In (210, 330]: 225 … 300: increase 50 over 75 s; 15 s to the start; the end is 30 s away, so 7.5 s.
  expect(at('prometheus_increase', steady, { end: 330, seconds: 120 })).toBeCloseTo((50 * (75 + 15 + 7.5)) / 75, 12)
})

test('a counter is not stretched below zero', () => {
  // 1 at 15 s, 11 at 30 s: zero was 1.5 s before the first, whereas the start is 15 s away.
  const young = [
    [15, 1],
    [30, 11],
  ] as const
  expect(at('prometheus_increase', young, { end: 30, seconds: 30 })).toBeCloseTo((10 * (15 + 1.5)) / 15, 12)
})

test('a reset counts the new value whole', () => {
  const reset = [
    [15, 100],
    [30, 120],
    [45, 5],
    [60, 15],
  ] as const
  // 20 + 5 + 10 over 45 s; 15 s to the start.
  expect(at('prometheus_increase', reset, { end: 60, seconds: 60 })).toBeCloseTo((35 * 60) / 45, 12)
})

test('one sample has no increase, and a delta series needs none before', () => {
  expect(at('prometheus_increase', [[15, 3]], { end: 20, seconds: 20 })).toBeNaN()
  expect(at('prometheus_rate', [], { end: 20, seconds: 20 })).toBeNaN()
  expect(at('prometheus_increase', [[15, 3]], { end: 20, seconds: 20, isDelta: true })).toBe(3)
  expect(at('prometheus_rate', [[15, 3]], { end: 20, seconds: 20, isDelta: true })).toBeCloseTo(0.15, 12)
})
