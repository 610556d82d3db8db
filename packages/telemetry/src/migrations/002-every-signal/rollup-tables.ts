import type { TableDefinition } from '../table-definition.ts'

/** Rows of one key are computed again as a whole when late data comes; the newest revision replaces. */
const ROLLUP = {
  engine: 'ReplacingMergeTree(revision)',
  ttl: 'toDateTime(at) + toIntervalDay(retention)',
  settings: { ttl_only_drop_parts: 1 },
} as const

const KEY = `  workspace UInt32 CODEC(ZSTD),
  retention UInt16 DEFAULT 400 COMMENT 'days' CODEC(ZSTD)`

/** ZSTD(3) takes longer than ZSTD(1), but one row stands for many samples. */
const SERIES_ROLLUP_COLUMNS = `${KEY},
  series UInt64 CODEC(ZSTD),
  at DateTime64(3) COMMENT 'start of the bucket' CODEC(Delta, ZSTD),
  min Float64 CODEC(ZSTD(3)),
  max Float64 CODEC(Delta(8), ZSTD(3)),
  sum Float64 CODEC(Delta(8), ZSTD(3)),
  count UInt32 CODEC(ZSTD),
  increase Float64 COMMENT 'with resets, from the sample before the bucket on' CODEC(ZSTD(3)),
  revision UInt64 CODEC(ZSTD)`

/** The last sample is what the next bucket's increase begins with. Running totals end at their highest: no bits differ. */
const LAST_COLUMNS = `last_bits UInt64 COMMENT 'those in which the last value differs from max' CODEC(ZSTD(3)),
  last Float64 ALIAS reinterpretAsFloat64(bitXor(last_bits, reinterpretAsUInt64(max))),
  last_at DateTime64(3) CODEC(Delta, ZSTD)`

export const ROLLUP_5M: TableDefinition = {
  ...ROLLUP,
  name: 'rollup_5m',
  columns: `${SERIES_ROLLUP_COLUMNS},
  ${LAST_COLUMNS}`,
  partitionBy: "(toMonday(at, 'UTC'), retention)",
  orderBy: '(workspace, series, at)',
  shardBy: 'series',
}

export const ROLLUP_1H: TableDefinition = {
  ...ROLLUP,
  name: 'rollup_1h',
  columns: SERIES_ROLLUP_COLUMNS,
  partitionBy: "(toStartOfMonth(at, 'UTC'), retention)",
  orderBy: '(workspace, series, at)',
  shardBy: 'series',
}

export const SERVICE_ROLLUP_1M: TableDefinition = {
  ...ROLLUP,
  name: 'service_rollup_1m',
  columns: `${KEY},
  metric LowCardinality(String) CODEC(ZSTD),
  service LowCardinality(String) COMMENT 'label service.name, else service, else job' CODEC(ZSTD),
  kind LowCardinality(String) CODEC(ZSTD),
  at DateTime64(3) COMMENT 'start of the minute' CODEC(Delta, ZSTD),
  series UInt32 COMMENT 'with samples in the minute' CODEC(ZSTD),
  increase Float64 COMMENT 'of counters, summed over series' CODEC(ZSTD(3)),
  revision UInt64 CODEC(ZSTD)`,
  partitionBy: "(toMonday(at, 'UTC'), retention)",
  orderBy: '(workspace, metric, service, kind, at)',
  shardBy: 'cityHash64(workspace, metric, service)',
}

export const SERVICE_EDGES: TableDefinition = {
  ...ROLLUP,
  name: 'service_edges',
  columns: `${KEY},
  at DateTime64(3) COMMENT 'start of the minute' CODEC(Delta, ZSTD),
  client LowCardinality(String) CODEC(ZSTD),
  server LowCardinality(String) CODEC(ZSTD),
  calls UInt64 CODEC(ZSTD),
  errors UInt64 CODEC(ZSTD),
  duration UInt64 COMMENT 'nanoseconds, of all calls together' CODEC(ZSTD),
  revision UInt64 CODEC(ZSTD)`,
  partitionBy: "(toMonday(at, 'UTC'), retention)",
  orderBy: '(workspace, at, client, server)',
  shardBy: 'cityHash64(workspace, client, server)',
}
