import { messageOf, NinesError } from '@nines/kernel'
import { TABLES, type Block, type RowOrder, type TableName } from '@nines/wire'
import { blockTableRows, partsOf, rowsOfParts } from './block-table-rows.ts'
import { checkRunRows } from './check-run-rows.ts'
import { orderSamples } from './order-samples.ts'
import { sliceRows } from './slice-rows.ts'
import type { TableRows } from './table-rows.ts'

type Builder = (blocks: readonly Block[], order?: RowOrder) => TableRows

/** Every kind of rows that blocks carry. Series come first: a sample is never visible before the name of its series. */
const BUILDERS: readonly Builder[] = [...TABLES.map((name) => builderOf(name)), checkRunRows, sliceRows]

/**
 * The rows of some blocks table by table, in the order in which they are to be inserted; tables without rows are left
 * out. Throws `invalid` for rows that cannot be written down, such as a series id that is no number.
 * With `order` samples come sorted as their table is; its memory holds them.
 */
export function* tableRowsOf(blocks: readonly Block[], order?: RowOrder): Generator<TableRows> {
  for (const build of BUILDERS) {
    const batch = built(build, blocks, order)
    if (batch.rows.rowCount > 0) yield batch
  }
}

function builderOf(name: TableName): Builder {
  if (name !== 'samples') return (blocks) => blockTableRows(name, blocks)
  return (blocks, order) => {
    const parts = partsOf(name, blocks)
    return rowsOfParts(name, order ? orderSamples(parts, order) : parts)
  }
}

function built(build: Builder, blocks: readonly Block[], order?: RowOrder): TableRows {
  try {
    return build(blocks, order)
  } catch (error) {
    throw new NinesError('invalid', `rows that cannot be written: ${messageOf(error)}`, { cause: error })
  }
}
