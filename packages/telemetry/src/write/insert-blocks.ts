import type { Block } from '@nines/wire'
import type { Telemetry } from '../telemetry.ts'
import { insertSettings } from './insert-settings.ts'
import { restoreLostParts } from './restore-lost-parts.ts'
import { tableRowsOf } from './table-rows-of.ts'
import type { TableRows } from './table-rows.ts'
import { withRowOrder } from './with-row-order.ts'

/** What an insert of a record came to. */
export interface InsertSummary {
  rows: number
  /** Statements sent: one per table that the record has rows for. */
  inserts: number
  /** Months whose rows a crash of ClickHouse had swallowed and a repeat brought back. */
  restoredParts: number
}

export interface InsertOptions {
  /**
   * Set when this record may have been inserted before, wholly or in part: after an error, and when a record was found
   * open. Costs a few reads. A first insert leaves it out.
   */
  isRepeat?: boolean
}

/**
 * Inserts the blocks of one record so that any number of repeats stores each row once. `recordId` stands for exactly
 * these blocks in this order; the record of another composition needs another id.
 *
 * One table gets one insert of one block, whose parts (one a month) ClickHouse registers under token and month: a repeat
 * skips the parts that are there and adds those that are not. Rejects with `unavailable` while ClickHouse is away; an
 * error for which isDataError holds comes again however often the insert is repeated.
 */
export async function insertBlocks(
  telemetry: Telemetry,
  blocks: readonly Block[],
  recordId: string,
  options: InsertOptions = {},
): Promise<InsertSummary> {
  const summary: InsertSummary = { rows: 0, inserts: 0, restoredParts: 0 }
  await withRowOrder(async (order) => {
    for (const batch of tableRowsOf(blocks, order)) {
      await telemetry.insert(batch.table, batch.rows, insertSettings(tokenFor(batch, recordId, options)))
      summary.rows += batch.rows.rowCount
      summary.inserts++
    }
  })
  if (options.isRepeat) summary.restoredParts = await restoreLostParts(telemetry, blocks, recordId)
  return summary
}

/**
 * Where the engine collapses repeats by key, a repeat takes a token of its own: ClickHouse writes down a token a moment
 * before it commits the part, so after a crash in between the first token would drop rows that are not there.
 */
function tokenFor({ table, repeatsCollapseBy }: TableRows, recordId: string, { isRepeat }: InsertOptions): string {
  const token = `${recordId}:${table}`
  return isRepeat && repeatsCollapseBy === 'engine' ? `${token}:repeat-${Date.now()}` : token
}
