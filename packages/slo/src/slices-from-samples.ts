import type { CounterPoint } from './counter-increase.ts'

/** Samples of one series as columns, ascending by instant; `start` 0 where unknown. */
export interface SampleColumnsOfSeries {
  at: Float64Array
  start: Float64Array
  value: Float64Array
}

/**
 * A sample of a counter as a point. null for one that is no count of events: NaN, of which one says that the series has
 * ended (an end is neither a restart nor an event), and infinite values.
 */
export function pointFromSample(at: number, start: number, value: number): CounterPoint | null {
  return Number.isFinite(value) ? { at, start, counts: [value], bounds: null } : null
}

/** The points of stored samples, made one by one: months of samples never stand in memory as objects. */
export function* pointsFromSamples(columns: SampleColumnsOfSeries): Generator<CounterPoint> {
  for (let i = 0; i < columns.at.length; i++) {
    const point = pointFromSample(columns.at[i] ?? 0, columns.start[i] ?? 0, columns.value[i] ?? 0)
    if (point) yield point
  }
}
