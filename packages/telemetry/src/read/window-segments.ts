import { SERIES_LEVELS, type RollupTable, type SeriesLevel } from './rollup-levels.ts'

/** A part (from, to] of a window, epoch ms, and the rollup that holds it; samples where `level` is null. */
export interface Segment {
  from: number
  to: number
  level: SeriesLevel | null
}

/**
 * Cuts the window (from, to] into as much of the coarsest rollup as lies in it whole, then of the finer one on both sides,
 * then samples at the edges. Increases of the parts add up to the window's.
 */
export function windowSegments(
  from: number,
  to: number,
  completeUntil: Partial<Record<RollupTable, number>>,
  levels: readonly SeriesLevel[] = SERIES_LEVELS,
): Segment[] {
  if (from >= to) return []
  const [level, ...finer] = levels
  if (!level) return [{ from, to, level: null }]
  const begin = Math.ceil(from / level.width) * level.width
  const end = Math.floor(Math.min(to, completeUntil[level.table] ?? -Infinity) / level.width) * level.width
  if (!(end > begin)) return windowSegments(from, to, completeUntil, finer)
  return [
    ...windowSegments(from, begin, completeUntil, finer),
    { from: begin, to: end, level },
    ...windowSegments(end, to, completeUntil, finer),
  ]
}
