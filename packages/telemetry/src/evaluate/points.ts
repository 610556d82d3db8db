/**
 * Samples of one series, ascending and unique in `at` (epoch ms). Only the first `length` of each array count, so that
 * one pair of arrays serves many series in turn.
 */
export interface Points {
  at: Float64Array
  value: Float64Array
  length: number
}

/** Instants `from`, `from + step`, … of which there are `count`, epoch ms. An instant query is a grid of one. */
export interface Grid {
  from: number
  step: number
  count: number
}

export function instantOf(grid: Grid, index: number): number {
  return grid.from + index * grid.step
}

/**
 * How long a sample stands for its series when nothing follows it, and how far before a window the sample is looked for
 * from which its first step is counted. Prometheus' default.
 */
export const LOOKBACK_MS = 5 * 60_000
