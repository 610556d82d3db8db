import type { CheckRun, SeriesDefinition, Slice } from '@nines/contracts'

/**
 * The block: what travels in the stream and ends in ClickHouse. One block belongs to one workspace and never changes
 * once appended. Numeric rows are columns (parallel typed arrays); rare rows are plain objects.
 *
 * Times are epoch milliseconds. `start` is the start of a cumulative series or of a delta interval, 0 when unknown.
 */
export interface SampleColumns {
  series: BigUint64Array
  at: Float64Array
  start: Float64Array
  value: Float64Array
}

/** Explicit-bounds histograms. `counts` of row i are `bucketCounts[offsets[i] .. offsets[i + 1])`, one more than its bounds. */
export interface HistogramRow {
  series: bigint
  at: number
  start: number
  count: number
  sum: number
  /** NaN when the sender did not say. */
  min: number
  max: number
  /** Upper bounds, ascending, without +Inf. */
  bounds: number[]
  /** Not cumulative over buckets; one more than bounds. */
  bucketCounts: number[]
}

export interface Block {
  workspace: number
  /** When ingest received the oldest row, epoch ms. */
  receivedAt: number
  /** Definitions of series that the ingest process has not announced lately. */
  series: SeriesDefinition[]
  samples: SampleColumns
  histograms: HistogramRow[]
  checkRuns: CheckRun[]
  slices: Slice[]
}
