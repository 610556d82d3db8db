import { LOOKBACK_MS, type Grid, type Points } from './points.ts'
import type { WindowFunction } from './window-function.ts'
import type { Kernel } from './window.ts'

/** A function applied at every instant of a grid. */
export interface Evaluation {
  function: WindowFunction
  /** Width of the windows, ms. `last` looks back five minutes whatever it is. */
  window: number
  grid: Grid
}

/** How far back an instant looks: its window, and for a first step the last sample before that. */
export function windowOf({ function: name, window }: Pick<Evaluation, 'function' | 'window'>): number {
  return name === 'last' ? LOOKBACK_MS : window
}

/** The results of one series at every instant into `out`, NaN where there is none. */
export function evaluateSeries(points: Points, kernel: Kernel, evaluation: Evaluation, out: Float64Array): void {
  const { at, length } = points
  const { from, step, count } = evaluation.grid
  const width = windowOf(evaluation)
  const window = { start: 0, end: 0, firstIndex: 0, endIndex: 0, previous: -1 }
  for (let k = 0; k < count; k++) {
    window.end = from + k * step
    window.start = window.end - width
    while (window.endIndex < length && at[window.endIndex]! <= window.end) window.endIndex++
    while (window.firstIndex < window.endIndex && at[window.firstIndex]! <= window.start) window.firstIndex++
    const before = window.firstIndex - 1
    window.previous = before >= 0 && at[before]! > window.start - LOOKBACK_MS ? before : -1
    out[k] = window.firstIndex < window.endIndex ? kernel(points, window) : NaN
  }
}
