import type { CheckRun, SeriesDefinition, Slice } from '@nines/contracts'
import type { ColumnTable, TableName } from '../columns/column-table.ts'

/**
 * The block: what travels in the stream and ends in ClickHouse. One block belongs to one workspace and never changes
 * once appended. Rows are columns (see columns/); the members below are views of them for those who work on rows.
 *
 * Times are epoch milliseconds. `start` is the start of a cumulative series or of a delta interval, 0 when unknown.
 */
export interface SampleColumns {
  series: BigUint64Array
  at: Float64Array
  start: Float64Array
  value: Float64Array
}

/** Explicit-bounds histograms: `bucketCounts` are one more than the bounds. */
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
  /** The series has ended: the row counts nothing and carries the stale marker as its sum. */
  isStale?: boolean
}

/** Exponential (native) histograms, buckets as in OTLP: item i of a side counts (base^(offset+i), base^(offset+i+1)]. */
export interface ExponentialHistogramRow {
  series: bigint
  at: number
  start: number
  count: number
  sum: number
  min: number
  max: number
  /** base = 2^(2^-scale). */
  scale: number
  zeroThreshold: number
  zeroCount: number
  positiveOffset: number
  positiveCounts: number[]
  negativeOffset: number
  negativeCounts: number[]
  /** As with HistogramRow. */
  isStale?: boolean
}

/** Days for which rows are kept, by signal. */
export interface Retention {
  metrics: number
  logs: number
  traces: number
}

export const DEFAULT_RETENTION: Retention = { metrics: 400, logs: 30, traces: 30 }

export interface Block {
  workspace: number
  /** When ingest received the oldest row, epoch ms. */
  receivedAt: number
  /** Default DEFAULT_RETENTION. */
  retention?: Retention
  /** Definitions of series that the ingest process has not announced lately. */
  series: SeriesDefinition[]
  samples: SampleColumns
  histograms: HistogramRow[]
  exponentialHistograms?: ExponentialHistogramRow[]
  /** Rows as they lie; where given, they are the truth and the members above are views of them. */
  tables?: ReadonlyMap<TableName, ColumnTable>
  checkRuns: CheckRun[]
  slices: Slice[]
}
