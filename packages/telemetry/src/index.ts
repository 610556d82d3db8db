export { isDataError } from './clickhouse-errors.ts'
export { migrateTelemetry, type MigrateOptions } from './migrations/migrate-telemetry.ts'
export type { QueryLimits } from './query-limits.ts'
export { createTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.ts'
export { columnWords } from './native/column-words.ts'
export { insertBlocks, type InsertOptions, type InsertSummary } from './write/insert-blocks.ts'
export { checkUptime, latestCheckRuns, readCheckRuns, type CheckRunsQuery, type Uptime } from './read/check-runs.ts'
export { findSeries, findSeriesByIds, type FindSeriesOptions } from './read/find-series.ts'
export { listLabels, listMetrics, type Label, type Metric } from './read/metric-catalogue.ts'
export { readExponentialHistograms } from './read/read-exponential-histograms.ts'
export { readHistograms } from './read/read-histograms.ts'
export type { PointsQuery } from './read/points-query.ts'
export { readSamples, type Samples } from './read/read-samples.ts'
export { readSliceColumns, type HoursOfVersion, type VersionColumns } from './read/read-slice-columns.ts'
export { readSliceHours, type VersionHours } from './read/read-slice-hours.ts'
export { readSlices, type KnownSlice, type SlicesQuery } from './read/read-slices.ts'
export { readVersionMinutes } from './read/read-version-minutes.ts'
export { readVersionSlices } from './read/read-version-slices.ts'
export { rehearseBlock } from './write/rehearse-block.ts'
export type { Grid } from './evaluate/points.ts'
export type { QueryAnswer, QueryRow, QuerySource, TelemetryQuery } from './evaluate/telemetry-query.ts'
export { HEAD_KEEPS_MS, ResidentHead } from './head/resident-head.ts'
export {
  countEvents,
  readEventMinutes,
  readEvents,
  type EventColumns,
  type EventMinute,
  type EventsQuery,
} from './read/event-minutes.ts'
export { readExemplars, type Exemplar } from './read/exemplars.ts'
export { histogramQuantiles } from './read/histogram-quantiles.ts'
export type { KnownSeries } from './read/known-series.ts'
export { readLabelNames, readLabelValues } from './read/label-catalogue.ts'
export type { LogFilter } from './read/log-filter.ts'
export { logHistogram } from './read/log-histogram.ts'
export { queryRatios, type Ratio, type RatioResult } from './read/query-ratios.ts'
export { MAX_INSTANTS, queryTelemetry, type QueryEngine } from './read/query-telemetry.ts'
export { explicitQuantile } from './evaluate/explicit-quantile.ts'
export { readTrace, type Span } from './read/read-trace.ts'
export { FinishedBuckets, type BucketTable } from './read/finished-buckets.ts'
export { NO_ROLLUPS, type RollupProgress } from './read/rollup-levels.ts'
export { searchLogs, type LogRecord } from './read/search-logs.ts'
export { searchTraces, type TraceFilter, type TraceSummary } from './read/search-traces.ts'
export { SeriesDirectory } from './read/series-directory.ts'
export { readServiceGraph, type ServiceEdge } from './read/service-graph.ts'
export { readServiceHealth, type ServiceHealth } from './read/service-health.ts'
export { tailLogs } from './read/tail-logs.ts'
export { warmHead } from './head/warm-head.ts'
export { nameSeries } from './read/name-series.ts'
export { rollUp1h } from './rollup/roll-up-1h.ts'
export { rollUp5m } from './rollup/roll-up-5m.ts'
export { rollUpEdges } from './rollup/roll-up-edges.ts'
export { storedFiveMinutes } from './rollup/stored-five-minutes.ts'
export { rollUpServices } from './rollup/roll-up-services.ts'
export { type RollupRange } from './rollup/rollup-range.ts'
export { closeStretch, storeRunningRows } from './rollup/running/close-stretch.ts'
export { splitColumns, type SplitColumns } from './split-values/split-columns.ts'
export { RunningRollups } from './rollup/running/running-rollups.ts'
export { informRollups } from './rollup/running/stored-before.ts'
export { countMinutes } from './sli/count-minutes.ts'
export type { CountedRange } from './sli/counted-range.ts'
export {
  findStoredSeries,
  firstPointsFrom,
  lastPointsBefore,
  readPoints,
  withReductions,
  type PointsOf,
  type StoredSeries,
} from './sli/stored-points.ts'
export { findServiceSeries, type ServiceSeries } from './suggest/find-service-series.ts'
export { heardServices } from './suggest/heard-services.ts'
export { explicitShape, exponentialShape, type HistogramShape } from './suggest/histogram-shape.ts'
export { countStoredPoints, type PointTable } from './suggest/stored-rows.ts'
export { summariseLogs, summariseSpans } from './suggest/summarise-events.ts'
export { sampleQuantiles, spanQuantiles } from './suggest/value-quantiles.ts'
export { busiestOperations } from './suggest/busiest-operations.ts'
