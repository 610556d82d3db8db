import { messageOf, NinesError } from '@nines/kernel'
import { TABLES, type Block } from '@nines/wire'
import { blockTableRows } from './block-table-rows.ts'
import { checkRunRows } from './check-run-rows.ts'
import { sliceRows } from './slice-rows.ts'
import type { TableRows } from './table-rows.ts'

/** Every kind of rows that blocks carry. Series come first: a sample is never visible before the name of its series. */
const BUILDERS = [
  ...TABLES.map((name) => (blocks: readonly Block[]) => blockTableRows(name, blocks)),
  checkRunRows,
  sliceRows,
]

/**
 * The rows of some blocks table by table, in the order in which they are to be inserted; tables without rows are left
 * out. Throws `invalid` for rows that cannot be written down, such as a series id that is no number.
 */
export function* tableRowsOf(blocks: readonly Block[]): Generator<TableRows> {
  for (const build of BUILDERS) {
    const batch = built(build, blocks)
    if (batch.rows.rowCount > 0) yield batch
  }
}

function built(build: (blocks: readonly Block[]) => TableRows, blocks: readonly Block[]): TableRows {
  try {
    return build(blocks)
  } catch (error) {
    throw new NinesError('invalid', `rows that cannot be written: ${messageOf(error)}`, { cause: error })
  }
}
