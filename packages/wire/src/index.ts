export {
  DEFAULT_RETENTION,
  type Block,
  type ExponentialHistogramRow,
  type HistogramRow,
  type Retention,
  type SampleColumns,
} from './block/block.ts'
export { BlockBuilder, type BlockBuilderOptions, type BuilderMark, type SampleBatch } from './block/block-builder.ts'
export { decodeBlock } from './block/decode-block.ts'
export { blockBytes, countRows, emptyBlock } from './block/empty-block.ts'
export { encodeBlock, encodeBlockParts } from './block/encode-block.ts'
export { lokiFromJson } from './loki/loki-from-json.ts'
export { lokiFromProtobuf } from './loki/loki-from-protobuf.ts'
export { logsFromJson } from './otlp/logs-from-json.ts'
export { logsFromProtobuf } from './otlp/logs-from-protobuf.ts'
export { LogsNormaliser } from './otlp/logs-normaliser.ts'
export { ContentHash } from './fast/content-hash.ts'
export { loadDecoder } from './fast/load-decoder.ts'
export { MetricDecoder, type MetricDecoderOptions } from './fast/metric-decoder.ts'
export { RowOrder, type RowColumns } from './fast/row-order.ts'
export { metricsFromJson } from './otlp/metrics-from-json.ts'
export { metricsFromProtobuf } from './otlp/metrics-from-protobuf.ts'
export { MetricsNormaliser } from './otlp/metrics-normaliser.ts'
export {
  CONTENT_TYPES,
  encodeExportResponse,
  encodeStatus,
  type OtlpEncoding,
  type OtlpSignal,
} from './otlp/otlp-response.ts'
export type { IngestOutcome } from './otlp/rejected-rows.ts'
export type { RowRefusal } from './otlp/refusal-counter.ts'
export { STALE_MARKER, isStaleAt } from './metrics/stale-marker.ts'
export type { Exemplar } from './metrics/exemplar.ts'
export type { RemoteWriteOutcome } from './remote-write/remote-write-rows.ts'
export { MetricReader, type MetricReaderOptions, type MetricTarget } from './metrics/metric-reader.ts'
export { tracesFromJson } from './otlp/traces-from-json.ts'
export { tracesFromProtobuf } from './otlp/traces-from-protobuf.ts'
export { TracesNormaliser } from './otlp/traces-normaliser.ts'
export { redOf } from './red/red-of.ts'
export { serviceVersionsOf, type ServiceVersion } from './red/service-versions.ts'
export { RedOperations, type RedLimits } from './red/red-operations.ts'
export { zipkinFromJson } from './zipkin/zipkin-from-json.ts'
export { CachedSeries } from './series/cached-series.ts'
export { Refused, type RefusalReason } from './series/refused.ts'
export { SeriesCache, type SeriesCacheOptions, type SeriesLimits } from './series/series-cache.ts'
export type { SeriesStatistics } from './series/workspace-series.ts'
export { DEFAULT_METRIC_LIMITS, type MetricLimits } from './metrics/metric-limits.ts'
export { canonicalIdentity, seriesId, type SeriesIdentity } from './series/series-id.ts'
export { TABLE_COLUMNS } from './block/table-columns.ts'
export { SeriesRows } from './block/series-rows.ts'
export { TableBlock } from './block/table-block.ts'
export { tableBuilder, tablesOf, type TableBuilders } from './block/table-rows-of-block.ts'
export { streamsOf, type ColumnType } from './columns/column-type.ts'
export { columnOf, joinColumns, TABLES, type Column, type ColumnTable, type TableName } from './columns/column-table.ts'
export {
  readBigUints,
  readFloatArrays,
  readFloats,
  readIntegerArrays,
  readIntegers,
  readMaps,
  readTexts,
} from './columns/column-reader.ts'
export { TextCursor } from './columns/text-cursor.ts'
export { emptyColumn, selectRows, textsAt } from './columns/select-rows.ts'
export { ColumnBuilder } from './columns/table-builder.ts'
export { snappyDecompress, snappySize } from './snappy-decompress.ts'
export { MemoryPool } from './columns/memory-pool.ts'
