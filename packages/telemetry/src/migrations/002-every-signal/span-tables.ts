import { createTable, type TableDefinition } from '../table-definition.ts'
import { onCluster, storageTable, type Topology } from '../topology.ts'

/** One operation of one service lies together, minute by minute; a trace is found through trace_index. */
const SPANS: TableDefinition = {
  name: 'spans',
  columns: `  workspace UInt32 CODEC(ZSTD),
  retention UInt16 DEFAULT 30 COMMENT 'days' CODEC(ZSTD),
  at DateTime64(9) CODEC(Delta, ZSTD),
  duration UInt64 COMMENT 'nanoseconds' CODEC(ZSTD),
  trace_id FixedString(16) CODEC(ZSTD),
  span_id FixedString(8) CODEC(ZSTD),
  parent_span_id FixedString(8) COMMENT 'zero when none' CODEC(ZSTD),
  trace_state String CODEC(ZSTD),
  name LowCardinality(String) CODEC(ZSTD),
  kind UInt8 COMMENT 'as in OTLP' CODEC(ZSTD),
  service LowCardinality(String) CODEC(ZSTD),
  status_code UInt8 COMMENT 'as in OTLP' CODEC(ZSTD),
  status_message String CODEC(ZSTD),
  attributes Map(LowCardinality(String), String) COMMENT 'keys sorted' CODEC(ZSTD),
  resource Map(LowCardinality(String), String) COMMENT 'keys sorted' CODEC(ZSTD),
  scope_name LowCardinality(String) CODEC(ZSTD),
  scope_version LowCardinality(String) CODEC(ZSTD),
  scope_attributes Map(LowCardinality(String), String) COMMENT 'keys sorted' CODEC(ZSTD),
  flags UInt32 CODEC(ZSTD),
  dropped_attributes UInt32 CODEC(ZSTD),
  dropped_events UInt32 CODEC(ZSTD),
  dropped_links UInt32 CODEC(ZSTD),
  event_at Array(DateTime64(9)) CODEC(ZSTD),
  event_name Array(LowCardinality(String)) CODEC(ZSTD),
  event_attributes Array(Map(LowCardinality(String), String)) CODEC(ZSTD),
  link_trace_id Array(FixedString(16)) CODEC(ZSTD),
  link_span_id Array(FixedString(8)) CODEC(ZSTD),
  link_trace_state Array(String) CODEC(ZSTD),
  link_attributes Array(Map(LowCardinality(String), String)) CODEC(ZSTD),
  INDEX by_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1`,
  engine: 'MergeTree',
  partitionBy: "(toDate(at, 'UTC'), retention)",
  orderBy: '(workspace, service, name, toStartOfMinute(at), at)',
  ttl: 'toDateTime(at) + toIntervalDay(retention)',
  settings: { ttl_only_drop_parts: 1 },
  shardBy: 'cityHash64(trace_id)',
}

/**
 * From when to when a trace has spans, so that looking one up reads two days at most instead of all. Rows of one trace collapse
 * to their extremes, hence a repeated insert needs no token here: with no window every repeat is fed anew, and an
 * entry that a crash swallowed comes back with it.
 */
const TRACE_INDEX: TableDefinition = {
  name: 'trace_index',
  columns: `  workspace UInt32 CODEC(ZSTD),
  retention UInt16 DEFAULT 30 COMMENT 'days' CODEC(ZSTD),
  trace_id FixedString(16) CODEC(ZSTD),
  min_at SimpleAggregateFunction(min, DateTime64(9)) CODEC(Delta, ZSTD),
  max_at SimpleAggregateFunction(max, DateTime64(9)) COMMENT 'start of the last span' CODEC(Delta, ZSTD)`,
  engine: 'AggregatingMergeTree',
  partitionBy: "(toMonday(min_at, 'UTC'), retention)",
  orderBy: '(workspace, trace_id)',
  ttl: 'toDateTime(max_at) + toIntervalDay(retention)',
  settings: {
    ttl_only_drop_parts: 1,
    non_replicated_deduplication_window: 0,
    replicated_deduplication_window: 0,
  },
  shardBy: 'cityHash64(trace_id)',
}

export function spanTables(topology: Topology): string[] {
  return [...createTable(SPANS, topology), ...createTable(TRACE_INDEX, topology), feedTraceIndex(topology)]
}

/** Not grouped: a GROUP BY answers in hundreds of small blocks, each of which would become a part of its own. */
function feedTraceIndex(topology: Topology): string {
  return `CREATE MATERIALIZED VIEW IF NOT EXISTS trace_index_feed${onCluster(topology)}
TO ${storageTable('trace_index', topology)}
AS SELECT workspace, retention, trace_id, at AS min_at, at AS max_at
FROM ${storageTable('spans', topology)}`
}
