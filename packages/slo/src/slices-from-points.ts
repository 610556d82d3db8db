import { counterIncrease, type CounterPoint } from './counter-increase.ts'
import { minuteOf } from './minute.ts'
import { MinuteSeries } from './minute-series.ts'
import type { SeriesReduction } from './sli-reduction.ts'

/** All points of one series in a stretch of time, ascending and unique by instant. */
export interface SeriesPoints {
  reduction: SeriesReduction
  points: Iterable<CounterPoint>
}

/**
 * The minutes in [from, to) of an SLI, counted from stored points with the rules that the stream uses. Each series
 * should start with its last point before `from`, from which its first increase is counted.
 */
export function slicesFromPoints(series: Iterable<SeriesPoints>, from: number, to: number): MinuteSeries {
  const minutes = new MinuteSeries()
  for (const { reduction, points } of series) {
    let previous: CounterPoint | null = null
    for (const point of points) {
      if (point.at >= to) break
      if (point.at >= from) {
        const increase = counterIncrease(previous, point, reduction.temporality)
        const { good, total } = reduction.weigh(increase, point.bounds, point.exponential)
        minutes.add(minuteOf(point.at), good, total)
      }
      previous = point
    }
  }
  return minutes
}
