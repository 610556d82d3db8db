import type { Labels, SeriesSelector } from '@nines/contracts'
import type { Aggregate } from './aggregate.ts'
import type { Evaluation } from './evaluate-series.ts'

/** A function over the series of a selector at the instants of a grid, aggregated or one by one. */
export interface TelemetryQuery extends Evaluation {
  selector: SeriesSelector
  /** Null leaves the series apart. */
  aggregate: Aggregate | null
  /** For the aggregate `quantile`. */
  quantile?: number
  /** Labels whose values make the groups; without any, all series are one. */
  by: readonly string[]
}

/** Where an answer was worked out from. All give equal results. */
export type QuerySource = 'head' | 'service-rollup' | 'series-rollup' | 'raw'

export interface QueryRow {
  labels: Labels
  /** At each instant of the grid, NaN where there is none. */
  values: Float64Array
}

export interface QueryAnswer {
  rows: QueryRow[]
  source: QuerySource
}
