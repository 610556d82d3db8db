import type { Points } from './points.ts'

/** Samples [firstIndex, endIndex) lie in (start, end]; `previous` is the index of the last one before, -1 when none. */
export interface Window {
  start: number
  end: number
  firstIndex: number
  endIndex: number
  previous: number
}

/** The result of a window, NaN when it has none. */
export type Kernel = (points: Points, window: Window) => number
