import type { Telemetry } from '../../telemetry.ts'
import type { Step } from '../migration.ts'

/** How long version 1 kept every row. */
const OLD_RETENTION_DAYS = 400
export const OLD_SUFFIX = '_v1'
const MOVE_LIMITS = { maxSeconds: 3600, maxRowsToRead: 0 }

/**
 * Moves the rows that version 1 stored, a month and in it a day at a time, the newest first. Only rows that are not in
 * the new table yet are copied, and a month goes from the old table once nothing of it is missing: the move can break off
 * anywhere and be taken up again. Two processes at it at once may copy a row twice, which readers collapse.
 */
export function movePoints(table: string, columns: readonly string[]): Step {
  return async (telemetry) => {
    const old = `${table}${OLD_SUFFIX}`
    for (const month of await monthsOf(telemetry, old)) {
      for (const day of await daysOf(telemetry, old, month)) await copyDay(telemetry, table, columns, day)
      await telemetry.command(`ALTER TABLE ${old} DROP PARTITION ${month}`)
    }
  }
}

/** Partitions of an old table as YYYYMM, the newest first; none when there is no such table. */
async function monthsOf(telemetry: Telemetry, old: string): Promise<number[]> {
  const rows = await telemetry.rows<{ partition: string }>(
    `SELECT DISTINCT partition FROM system.parts
     WHERE database = currentDatabase() AND table = {old:String} AND active AND rows > 0 ORDER BY partition DESC`,
    { old },
  )
  return rows.map((row) => Number(row.partition))
}

async function daysOf(telemetry: Telemetry, old: string, month: number): Promise<string[]> {
  const rows = await telemetry.rows<{ day: string }>(
    `SELECT DISTINCT toDate(at) AS day FROM ${old} WHERE toYYYYMM(at) = {month:UInt32} ORDER BY day DESC`,
    { month },
    MOVE_LIMITS,
  )
  return rows.map((row) => row.day)
}

/** Both sides of the join are sorted alike and merged as they lie, so that a day of any size needs little memory. */
async function copyDay(telemetry: Telemetry, table: string, columns: readonly string[], day: string): Promise<void> {
  const names = columns.join(', ')
  const key = 'workspace, series, at'
  const ofDay = 'at >= toDateTime64({day:String}, 3) AND at < toDateTime64({day:String}, 3) + INTERVAL 1 DAY'
  await telemetry.command(
    `INSERT INTO ${table} (${names}, retention)
     SELECT ${names}, ${OLD_RETENTION_DAYS} FROM (SELECT ${names} FROM ${table}${OLD_SUFFIX} WHERE ${ofDay}) AS old
     LEFT ANY JOIN (SELECT ${key}, 1 AS is_copied FROM ${table} WHERE ${ofDay}) AS new USING (${key})
     WHERE is_copied = 0
     SETTINGS join_algorithm = 'full_sorting_merge', query_plan_convert_any_join_to_semi_or_anti_join = 0,
       insert_deduplicate = 0, max_insert_threads = 1, max_threads = 2`,
    { day },
  )
}
