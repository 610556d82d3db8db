import type { ClickHouseSettings } from '@clickhouse/client'

/** One statement, one block, one thread: the same rows always make the same parts. */
export const ONE_BLOCK: ClickHouseSettings = {
  async_insert: 0,
  // Rows are converted and written by one thread: more of them cost more in all and gain nothing beside other work.
  max_threads: 1,
  max_insert_threads: '1',
  // On a cluster the answer means that the shards have the rows.
  distributed_foreground_insert: 1,
  max_insert_block_size: '100000000',
  min_insert_block_size_rows: '0',
  min_insert_block_size_bytes: '0',
  max_partitions_per_insert_block: '0',
}

/** Rows that are stored once however often they are sent under the token. */
export function insertSettings(token: string): ClickHouseSettings {
  return { ...ONE_BLOCK, insert_deduplicate: 1, insert_deduplication_token: token }
}
