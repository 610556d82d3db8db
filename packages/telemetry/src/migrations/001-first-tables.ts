import type { Migration } from './migration.ts'

/**
 * Deduplication needs the token of every insert that could still be repeated: the store repeats at most its open record.
 * The window is generous because it is counted in parts, of which one insert makes as many as it has months.
 */
const INSERT_TARGET = 'non_replicated_deduplication_window = 10000'
const RETENTION = 'INTERVAL 400 DAY'

/**
 * Partitions are months: a backfill of 30 days touches two of them, where days would make 30 parts an insert, and 400
 * days of retention stay at 14 partitions. Rows leave with their whole part (ttl_only_drop_parts).
 */
export const firstTables: Migration = {
  version: 1,
  name: 'first tables',
  statements: [
    `CREATE TABLE IF NOT EXISTS series (
      workspace UInt32,
      metric String,
      series UInt64,
      labels SimpleAggregateFunction(anyLast, Map(String, String)) COMMENT 'keys sorted',
      kind SimpleAggregateFunction(anyLast, LowCardinality(String)),
      temporality SimpleAggregateFunction(anyLast, LowCardinality(String)),
      monotonic SimpleAggregateFunction(anyLast, Bool),
      unit SimpleAggregateFunction(anyLast, String),
      description SimpleAggregateFunction(anyLast, String),
      first_seen SimpleAggregateFunction(min, DateTime64(3)),
      last_seen SimpleAggregateFunction(max, DateTime64(3)),
      INDEX by_series series TYPE bloom_filter(0.01) GRANULARITY 4
    )
    ENGINE = AggregatingMergeTree
    ORDER BY (workspace, metric, series)
    TTL toDateTime(last_seen) + ${RETENTION}
    SETTINGS ${INSERT_TARGET}`,

    `CREATE TABLE IF NOT EXISTS samples (
      workspace UInt32 CODEC(ZSTD),
      series UInt64 CODEC(ZSTD),
      at DateTime64(3) CODEC(Delta, ZSTD),
      start DateTime64(3) COMMENT 'epoch when unknown' CODEC(Delta, ZSTD),
      value Float64 CODEC(Delta(8), ZSTD)
    )
    ENGINE = MergeTree
    PARTITION BY toYYYYMM(at)
    ORDER BY (workspace, series, at)
    TTL toDateTime(at) + ${RETENTION}
    SETTINGS ttl_only_drop_parts = 1, ${INSERT_TARGET}`,

    `CREATE TABLE IF NOT EXISTS histograms (
      workspace UInt32 CODEC(ZSTD),
      series UInt64 CODEC(ZSTD),
      at DateTime64(3) CODEC(Delta, ZSTD),
      start DateTime64(3) COMMENT 'epoch when unknown' CODEC(Delta, ZSTD),
      count UInt64 CODEC(Delta, ZSTD),
      sum Float64 CODEC(ZSTD),
      min Float64 COMMENT 'NaN when unknown' CODEC(ZSTD),
      max Float64 COMMENT 'NaN when unknown' CODEC(ZSTD),
      bounds Array(Float64) COMMENT 'upper bounds without +Inf' CODEC(ZSTD),
      bucket_counts Array(UInt64) COMMENT 'not cumulative, one more than bounds' CODEC(ZSTD)
    )
    ENGINE = MergeTree
    PARTITION BY toYYYYMM(at)
    ORDER BY (workspace, series, at)
    TTL toDateTime(at) + ${RETENTION}
    SETTINGS ttl_only_drop_parts = 1, ${INSERT_TARGET}`,

    `CREATE TABLE IF NOT EXISTS check_runs (
      workspace UInt32,
      check_id String,
      scheduled_at DateTime64(3) CODEC(Delta, ZSTD),
      location LowCardinality(String),
      run_id String CODEC(ZSTD),
      started_at DateTime64(3) CODEC(Delta, ZSTD),
      duration_ms Float64,
      ok Bool,
      status_code Nullable(Int32),
      error String CODEC(ZSTD),
      dns_ms Nullable(Float64),
      connect_ms Nullable(Float64),
      tls_ms Nullable(Float64),
      first_byte_ms Nullable(Float64),
      transfer_ms Nullable(Float64)
    )
    ENGINE = ReplacingMergeTree
    PARTITION BY toYYYYMM(scheduled_at)
    ORDER BY (workspace, check_id, scheduled_at, location, run_id)
    TTL toDateTime(scheduled_at) + ${RETENTION}
    SETTINGS ttl_only_drop_parts = 1, ${INSERT_TARGET}`,

    `CREATE TABLE IF NOT EXISTS slices (
      workspace UInt32,
      slo_id String,
      version UInt32,
      minute DateTime64(3) CODEC(Delta, ZSTD),
      good Float64 CODEC(ZSTD),
      total Float64 CODEC(ZSTD),
      expected Float64 CODEC(ZSTD),
      revision UInt64 CODEC(ZSTD)
    )
    ENGINE = ReplacingMergeTree(revision)
    PARTITION BY toYYYYMM(minute)
    ORDER BY (workspace, slo_id, version, minute)
    TTL toDateTime(minute) + ${RETENTION}
    SETTINGS ttl_only_drop_parts = 1, ${INSERT_TARGET}`,
  ],
}
