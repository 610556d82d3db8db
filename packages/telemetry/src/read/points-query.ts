import type { QueryLimits } from '../query-limits.ts'

/** Points of series in the interval [from, to), epoch milliseconds. */
export interface PointsQuery {
  workspace: number
  series: readonly string[]
  from: number
  to: number
  /** At most this many points in all, those of the first series first; without it, all there are. */
  limit?: number
  limits?: QueryLimits
}
