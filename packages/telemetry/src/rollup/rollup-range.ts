import type { ClickHouseSettings } from '@clickhouse/client'
import { NinesError } from '@nines/kernel'
import { seriesIdList } from '../read/series-id-list.ts'
import type { ChangedScope } from './running/running-rollups.ts'

/** Workspaces whose number leaves `index` when divided by `count`: the share of one shard of the stream. */
export interface ShardShare {
  count: number
  index: number
}

/** What one statement rolls up: everything of a shard, or only some series. */
export type RollupRange = {
  /** Start of the first bucket and end of the last, epoch ms; both lie on edges of buckets. */
  from: number
  to: number
} & ({ shards: ShardShare } | { only: ChangedScope })

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
  // Series are named in the statement.
  max_query_size: String(4 * 1024 * 1024),
}

/** Parameters of a statement. Throws `internal` for a range that does not consist of whole buckets. */
export function rangeParameters(range: RollupRange, widthMs: number): Record<string, number> {
  const { from, to } = range
  if (from % widthMs !== 0 || to % widthMs !== 0)
    throw new NinesError('internal', `a rollup of ${widthMs} ms was asked for from ${from} to ${to}`)
  return { from, to, width: widthMs, ...('shards' in range ? range.shards : { workspace: range.only.workspace }) }
}

/** Condition for rows of the range's workspaces. */
export function workspacesOf(range: RollupRange): string {
  return 'shards' in range ? 'workspace % {count:UInt32} = {index:UInt32}' : 'workspace = {workspace:UInt32}'
}

/** Condition for rows of the range's series. */
export function seriesOf(range: RollupRange): string {
  const all = workspacesOf(range)
  return 'shards' in range || range.only.series === null
    ? all
    : `${all} AND series IN (${seriesIdList(range.only.series)})`
}

/** `now` of ClickHouse in ms: a later computation of the same bucket replaces an earlier one. */
export const REVISION = 'toUInt64(toUnixTimestamp64Milli(now64(3)))'

export function instant(parameter: string, shiftMs = 0): string {
  return `fromUnixTimestamp64Milli({${parameter}:Int64} + ${shiftMs})`
}

/** Start of the bucket that is open there: an instant on an edge belongs to the bucket that ends with it. */
export function bucketOf(column: string): string {
  return `fromUnixTimestamp64Milli(intDiv(toUnixTimestamp64Milli(${column}) - 1, {width:Int64}) * {width:Int64})`
}
