import { insertBuckets } from '../../rollup/bucket-columns.ts'
import type { Step } from '../migration.ts'

export const OLD_SUFFIX = '_v2'
const MOVE_LIMITS = { maxSeconds: 3600, maxRowsToRead: 0 }

/**
 * Moves the rows that version 2 stored, partition by partition, the newest first. A partition goes from the old table once
 * it is copied whole. The move can break off anywhere and be taken up again, and several processes may be at it at once:
 * rows that are copied twice replace each other. Their revision is 0, so that whatever is computed later replaces them.
 */
export function moveBuckets(table: 'rollup_5m' | 'rollup_1h'): Step {
  const old = `${table}${OLD_SUFFIX}`
  const plain = `SELECT workspace, retention, series, at, min, max, sum, count, increase, toUInt64(0) AS revision
    ${table === 'rollup_5m' ? ', last, last_at' : ''} FROM ${old} FINAL WHERE _partition_id = {partition:String}`
  const copy = `${insertBuckets(table, plain)}
    SETTINGS prefer_column_name_to_alias = 1, insert_deduplicate = 0, max_insert_threads = 1, max_threads = 2`
  return async (telemetry) => {
    const partitions = await telemetry.rows<{ partition_id: string }>(
      `SELECT DISTINCT partition_id FROM system.parts
       WHERE database = currentDatabase() AND table = {old:String} AND active AND rows > 0 ORDER BY partition_id DESC`,
      { old },
      MOVE_LIMITS,
    )
    for (const { partition_id: partition } of partitions) {
      await telemetry.command(copy, { partition })
      await telemetry.command(`ALTER TABLE ${old} DROP PARTITION ID {partition:String}`, { partition })
    }
  }
}
