import type { Migration } from './migration.ts'
import { createTable, type TableDefinition } from './table-definition.ts'

const RETENTION = 'INTERVAL 400 DAY'

const SERIES: TableDefinition = {
  name: 'series',
  columns: `workspace UInt32,
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
    INDEX by_series series TYPE bloom_filter(0.01) GRANULARITY 4`,
  engine: 'AggregatingMergeTree',
  orderBy: '(workspace, metric, series)',
  ttl: `toDateTime(last_seen) + ${RETENTION}`,
  shardBy: 'series',
}

const SAMPLES: TableDefinition = {
  name: 'samples',
  columns: `workspace UInt32 CODEC(ZSTD),
    series UInt64 CODEC(ZSTD),
    at DateTime64(3) CODEC(Delta, ZSTD),
    start DateTime64(3) COMMENT 'epoch when unknown' CODEC(Delta, ZSTD),
    value Float64 CODEC(Delta(8), ZSTD)`,
  engine: 'MergeTree',
  partitionBy: 'toYYYYMM(at)',
  orderBy: '(workspace, series, at)',
  ttl: `toDateTime(at) + ${RETENTION}`,
  settings: { ttl_only_drop_parts: 1 },
  shardBy: 'series',
}

const HISTOGRAMS: TableDefinition = {
  name: 'histograms',
  columns: `workspace UInt32 CODEC(ZSTD),
    series UInt64 CODEC(ZSTD),
    at DateTime64(3) CODEC(Delta, ZSTD),
    start DateTime64(3) COMMENT 'epoch when unknown' CODEC(Delta, ZSTD),
    count UInt64 CODEC(Delta, ZSTD),
    sum Float64 CODEC(ZSTD),
    min Float64 COMMENT 'NaN when unknown' CODEC(ZSTD),
    max Float64 COMMENT 'NaN when unknown' CODEC(ZSTD),
    bounds Array(Float64) COMMENT 'upper bounds without +Inf' CODEC(ZSTD),
    bucket_counts Array(UInt64) COMMENT 'not cumulative, one more than bounds' CODEC(ZSTD)`,
  engine: 'MergeTree',
  partitionBy: 'toYYYYMM(at)',
  orderBy: '(workspace, series, at)',
  ttl: `toDateTime(at) + ${RETENTION}`,
  settings: { ttl_only_drop_parts: 1 },
  shardBy: 'series',
}

const CHECK_RUNS: TableDefinition = {
  name: 'check_runs',
  columns: `workspace UInt32,
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
    transfer_ms Nullable(Float64)`,
  engine: 'ReplacingMergeTree',
  partitionBy: 'toYYYYMM(scheduled_at)',
  orderBy: '(workspace, check_id, scheduled_at, location, run_id)',
  ttl: `toDateTime(scheduled_at) + ${RETENTION}`,
  settings: { ttl_only_drop_parts: 1 },
  shardBy: 'cityHash64(check_id)',
}

const SLICES: TableDefinition = {
  name: 'slices',
  columns: `workspace UInt32,
    slo_id String,
    version UInt32,
    minute DateTime64(3) CODEC(Delta, ZSTD),
    good Float64 CODEC(ZSTD),
    total Float64 CODEC(ZSTD),
    expected Float64 CODEC(ZSTD),
    revision UInt64 CODEC(ZSTD)`,
  engine: 'ReplacingMergeTree(revision)',
  partitionBy: 'toYYYYMM(minute)',
  orderBy: '(workspace, slo_id, version, minute)',
  ttl: `toDateTime(minute) + ${RETENTION}`,
  settings: { ttl_only_drop_parts: 1 },
  shardBy: 'cityHash64(slo_id)',
}

/** Tables of version 1 that later ones replaced: a cluster never had them. */
const REPLACED = [SAMPLES, HISTOGRAMS, SLICES]

/**
 * Partitions are months: a backfill of 30 days touches two of them, where days would make 30 parts an insert, and 400
 * days of retention stay at 14 partitions. Rows leave with their whole part (ttl_only_drop_parts).
 */
export const firstTables: Migration = {
  version: 1,
  name: 'first tables',
  steps: (topology) => {
    const kept = [SERIES, CHECK_RUNS]
    const tables = topology.cluster === undefined ? [...kept, ...REPLACED] : kept
    return tables.flatMap((table) => createTable(table, topology))
  },
}
