import type { ClickHouseSettings } from '@clickhouse/client'
import { NinesError } from '@nines/kernel'

/** What one statement rolls up. */
export interface RollupRange {
  /** Start of the first bucket and end of the last, epoch ms; both lie on edges of buckets. */
  from: number
  to: number
  /** Only workspaces whose number leaves `index` when divided by `count`: the share of one shard of the stream. */
  shards: { count: number; index: number }
}

/** A workspace's rows are summed by one statement at a time, in one thread: it must not take the machine from ingest. */
export const ROLLUP_SETTINGS: ClickHouseSettings = {
  max_threads: 1,
  max_insert_threads: '1',
  max_bytes_before_external_group_by: String(256 * 1024 * 1024),
  max_bytes_before_external_sort: String(256 * 1024 * 1024),
  insert_deduplicate: 0,
  max_partitions_per_insert_block: '0',
  // Instants beside the window they lie in come from the columns, whatever their aliases.
  prefer_column_name_to_alias: 1,
}

/** Parameters of a statement. Throws `internal` for a range that does not consist of whole buckets. */
export function rangeParameters({ from, to, shards }: RollupRange, widthMs: number): Record<string, number> {
  if (from % widthMs !== 0 || to % widthMs !== 0)
    throw new NinesError('internal', `a rollup of ${widthMs} ms was asked for from ${from} to ${to}`)
  return { from, to, count: shards.count, index: shards.index, width: widthMs }
}

export const OF_SHARD = 'workspace % {count:UInt32} = {index:UInt32}'

/** `now` of ClickHouse in ms: a later computation of the same bucket replaces an earlier one. */
export const REVISION = 'toUInt64(toUnixTimestamp64Milli(now64(3)))'

export function instant(parameter: string, shiftMs = 0): string {
  return `fromUnixTimestamp64Milli({${parameter}:Int64} + ${shiftMs})`
}

/** Start of the bucket that is open there: an instant on an edge belongs to the bucket that ends with it. */
export function bucketOf(column: string): string {
  return `fromUnixTimestamp64Milli(intDiv(toUnixTimestamp64Milli(${column}) - 1, {width:Int64}) * {width:Int64})`
}
