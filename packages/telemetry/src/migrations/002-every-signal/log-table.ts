import type { TableDefinition } from '../table-definition.ts'

/**
 * Rows lie by five minutes, then service: a search within a time range reads neighbours, and one service's lines of the
 * range are together. A partition is one day, because logs are kept for days or weeks.
 */
export const LOGS: TableDefinition = {
  name: 'logs',
  columns: `  workspace UInt32 CODEC(ZSTD),
  retention UInt16 DEFAULT 30 COMMENT 'days' CODEC(ZSTD),
  at DateTime64(9) CODEC(Delta, ZSTD),
  observed_at DateTime64(9) CODEC(Delta, ZSTD),
  service LowCardinality(String) CODEC(ZSTD),
  severity_number UInt8 CODEC(ZSTD),
  severity_text LowCardinality(String) CODEC(ZSTD),
  body String COMMENT 'text, or JSON of a body that is none' CODEC(ZSTD),
  body_is_json Bool CODEC(ZSTD),
  event_name LowCardinality(String) CODEC(ZSTD),
  attributes Map(LowCardinality(String), String) COMMENT 'keys sorted' CODEC(ZSTD),
  resource Map(LowCardinality(String), String) COMMENT 'keys sorted' CODEC(ZSTD),
  scope_name LowCardinality(String) CODEC(ZSTD),
  scope_version LowCardinality(String) CODEC(ZSTD),
  scope_attributes Map(LowCardinality(String), String) COMMENT 'keys sorted' CODEC(ZSTD),
  trace_id FixedString(16) COMMENT 'zero when none' CODEC(ZSTD),
  span_id FixedString(8) COMMENT 'zero when none' CODEC(ZSTD),
  flags UInt32 CODEC(ZSTD),
  dropped_attributes UInt32 CODEC(ZSTD),
  INDEX by_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX body_text body TYPE text(tokenizer = 'splitByNonAlpha'),
  INDEX attribute_items arrayMap((k, v) -> concat(k, '=', v), mapKeys(attributes), mapValues(attributes))
    TYPE text(tokenizer = 'array')`,
  engine: 'MergeTree',
  partitionBy: "(toDate(at, 'UTC'), retention)",
  orderBy: '(workspace, toStartOfFiveMinutes(at), service, at)',
  ttl: 'toDateTime(at) + toIntervalDay(retention)',
  settings: { ttl_only_drop_parts: 1 },
  shardBy: 'cityHash64(workspace, service, toStartOfMinute(at))',
}
