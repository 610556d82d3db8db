import type { TableDefinition } from '../table-definition.ts'

/**
 * Partitions hold one week (from Monday) and one retention, so that they leave as a whole. A backfill of 90 days makes 14
 * parts an insert and one of 30 days 6; days would make 90 and 30, months would keep rows for up to a month too long.
 */
export const POINTS = {
  engine: 'MergeTree',
  partitionBy: "(toMonday(at, 'UTC'), retention)",
  orderBy: '(workspace, series, at)',
  ttl: 'toDateTime(at) + toIntervalDay(retention)',
  settings: { ttl_only_drop_parts: 1 },
  shardBy: 'series',
} as const

export const POINT_KEY = `  workspace UInt32 CODEC(ZSTD),
  retention UInt16 DEFAULT 400 COMMENT 'days' CODEC(ZSTD),
  series UInt64 CODEC(ZSTD),
  at DateTime64(3) CODEC(Delta, ZSTD),`

export const POINT_START = `  start DateTime64(3) COMMENT 'epoch when unknown' CODEC(Delta, ZSTD),`

export const SAMPLES: TableDefinition = {
  ...POINTS,
  name: 'samples',
  columns: `${POINT_KEY}
${POINT_START}
  value Float64 CODEC(Delta(8), ZSTD)`,
}

export const HISTOGRAMS: TableDefinition = {
  ...POINTS,
  name: 'histograms',
  columns: `${POINT_KEY}
${POINT_START}
  count UInt64 CODEC(Delta, ZSTD),
  sum Float64 CODEC(ZSTD),
  min Float64 COMMENT 'NaN when unknown' CODEC(ZSTD),
  max Float64 COMMENT 'NaN when unknown' CODEC(ZSTD),
  bounds Array(Float64) COMMENT 'upper bounds without +Inf' CODEC(ZSTD),
  bucket_counts Array(UInt64) COMMENT 'not cumulative, one more than bounds' CODEC(ZSTD)`,
}

export const EXPONENTIAL_HISTOGRAMS: TableDefinition = {
  ...POINTS,
  name: 'exponential_histograms',
  columns: `${POINT_KEY}
${POINT_START}
  count Float64 CODEC(ZSTD),
  sum Float64 CODEC(ZSTD),
  min Float64 COMMENT 'NaN when unknown' CODEC(ZSTD),
  max Float64 COMMENT 'NaN when unknown' CODEC(ZSTD),
  scale Int8 COMMENT 'base = 2^(2^-scale)' CODEC(ZSTD),
  zero_threshold Float64 CODEC(ZSTD),
  zero_count Float64 CODEC(ZSTD),
  positive_offset Int32 CODEC(ZSTD),
  positive_counts Array(Float64) COMMENT 'item i: (base^(offset+i), base^(offset+i+1)]' CODEC(ZSTD),
  negative_offset Int32 CODEC(ZSTD),
  negative_counts Array(Float64) CODEC(ZSTD)`,
}

export const EXEMPLARS: TableDefinition = {
  ...POINTS,
  name: 'exemplars',
  columns: `${POINT_KEY}
  value Float64 CODEC(ZSTD),
  trace_id FixedString(16) COMMENT 'zero when none' CODEC(ZSTD),
  span_id FixedString(8) COMMENT 'zero when none' CODEC(ZSTD),
  labels Map(String, String) CODEC(ZSTD)`,
}
