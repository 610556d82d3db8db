import type { TableDefinition } from '../table-definition.ts'

/** Rows of one key are computed again as a whole when late data comes; the newest revision replaces. */
const ROLLUP = {
  engine: 'ReplacingMergeTree(revision)',
  orderBy: '(workspace, series, at)',
  ttl: 'toDateTime(at) + toIntervalDay(retention)',
  settings: { ttl_only_drop_parts: 1 },
  shardBy: 'series',
} as const

const LOWEST = 'max_whole - min_whole - if(unit = 0, 0, toInt64(floor(increase * unit + 0.5)))'
const MIDDLE = `intDiv((max_whole + (${LOWEST})) * count, 2)`

/** A double of a whole number of units, or of its bits where `unit` is 0, and of the difference of bits that is left. */
function double(whole: string, bits: string, rest: string): string {
  return `reinterpretAsFloat64(if(unit = 0, ${bits}, reinterpretAsInt64((${whole}) / unit)) + ${rest})`
}

/**
 * Values lie as whole numbers of units, each as what it differs by from what the others let one expect: of a running
 * total the minimum lies one step above the maximum less the increase, and the sum near the middle of both times the
 * count. Readers name min, max and sum and get every bit; rollup/bucket-columns.ts makes the columns.
 */
const COLUMNS = `  workspace UInt32 CODEC(ZSTD),
  retention UInt16 DEFAULT 400 COMMENT 'days' CODEC(ZSTD),
  series UInt64 CODEC(ZSTD),
  at DateTime64(3) COMMENT 'start of the bucket' CODEC(Delta, ZSTD),
  unit UInt16 COMMENT 'parts of one that whole numbers count; 0: they are bits of doubles' CODEC(ZSTD),
  max_whole Int64 CODEC(Delta, ZSTD),
  max_rest Int32 CODEC(T64, ZSTD),
  min_whole Int64 COMMENT 'of max less min less increase' CODEC(T64, ZSTD),
  min_rest Int32 CODEC(T64, ZSTD),
  sum_whole Int64 COMMENT 'of sum less (max + min) * count / 2' CODEC(T64, ZSTD),
  sum_rest Int32 CODEC(T64, ZSTD),
  max Float64 ALIAS ${double('max_whole', 'max_whole', 'max_rest')},
  min Float64 ALIAS ${double(LOWEST, LOWEST, 'min_rest')},
  sum Float64 ALIAS ${double(`sum_whole + ${MIDDLE}`, 'sum_whole + max_whole', 'sum_rest')},
  count UInt32 CODEC(ZSTD),
  increase Float64 COMMENT 'with resets, from the sample before the bucket on; 0 for gauges' CODEC(ZSTD),
  revision UInt64 COMMENT '0, or when the bucket was computed anew' CODEC(ZSTD)`

/** The last sample is what the next bucket's increase begins with. Running totals end at their highest: no bits differ. */
const LAST_COLUMNS = `last_bits UInt64 COMMENT 'those in which the last value differs from max; 0 for gauges' CODEC(ZSTD),
  last Float64 ALIAS reinterpretAsFloat64(bitXor(last_bits, reinterpretAsUInt64(max))),
  last_after UInt32 COMMENT 'ms from the start of the bucket' CODEC(ZSTD),
  last_at DateTime64(3) ALIAS at + toIntervalMillisecond(last_after)`

export const ROLLUP_5M: TableDefinition = {
  ...ROLLUP,
  name: 'rollup_5m',
  columns: `${COLUMNS},
  ${LAST_COLUMNS}`,
  partitionBy: "(toMonday(at, 'UTC'), retention)",
}

export const ROLLUP_1H: TableDefinition = {
  ...ROLLUP,
  name: 'rollup_1h',
  columns: COLUMNS,
  partitionBy: "(toStartOfMonth(at, 'UTC'), retention)",
}
