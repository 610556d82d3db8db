import {
  columnOf,
  DEFAULT_RETENTION,
  emptyColumn,
  joinColumns,
  tablesOf,
  type Block,
  type ColumnTable,
  type TableName,
} from '@nines/wire'
import { NativeWriter } from '../native/native-writer.ts'
import { addValueColumns } from '../split-values/add-value-columns.ts'
import { STORED_TABLES } from './stored-tables.ts'
import { fillByBlock, workspaceColumn, type TableRows } from './table-rows.ts'

/** A block's rows of one table. */
export interface BlockPart {
  block: Block
  table: ColumnTable
}

/** Rows of one table of all blocks, in the order of the blocks. Columns are joined as they lie; only values of samples are looked at. */
export function blockTableRows(name: TableName, blocks: readonly Block[]): TableRows {
  return rowsOfParts(name, partsOf(name, blocks))
}

/** The blocks that have rows of the table, with those. */
export function partsOf(name: TableName, blocks: readonly Block[]): BlockPart[] {
  return blocks.flatMap((block) => {
    const table = tablesOf(block).get(name)
    return table && table.rows > 0 ? [{ block, table }] : []
  })
}

/** Days for which a block's rows of the table are kept. */
export function retentionOf(name: TableName, { retention = DEFAULT_RETENTION }: Block): number {
  return Math.min(retention[STORED_TABLES[name].signal], 0xff_ff)
}

export function rowsOfParts(name: TableName, parts: readonly BlockPart[]): TableRows {
  const blocks = parts.map(({ block }) => block)
  const counts = new Map(parts.map(({ block, table }) => [block, table.rows]))
  const rowsOf = (block: Block) => counts.get(block) ?? 0
  const workspace = workspaceColumn(blocks, rowsOf)
  const retention = new Uint16Array(workspace.length)
  fillByBlock(retention, blocks, rowsOf, (block) => retentionOf(name, block))
  const rows = new NativeWriter(workspace.length).uint32('workspace', workspace).uint16('retention', retention)
  for (const { name: column, type } of columnsOf(parts)) {
    const same = parts.map(({ table }) => columnOf(table, column) ?? emptyColumn(column, type, table.rows))
    if (name === 'samples' && column === 'value') addValueColumns(rows, joinColumns(same))
    else rows.joined(column, type, joinColumns(same))
  }
  if (name === 'series') {
    const seen = new Float64Array(workspace.length)
    // A series is seen when ingest received the block that announces it.
    fillByBlock(seen, blocks, rowsOf, (block) => block.receivedAt)
    rows.dateTime('first_seen', seen).dateTime('last_seen', seen)
  }
  return { table: name, rows, repeatsCollapseBy: STORED_TABLES[name].repeatsCollapseBy }
}

/** Every column that any of the parts has, in the order of first sight; the others have its empty value in their rows. */
export function columnsOf(parts: readonly BlockPart[]): ColumnTable['columns'] {
  const found = new Map<string, ColumnTable['columns'][number]>()
  for (const { table } of parts)
    for (const column of table.columns) if (!found.has(column.name)) found.set(column.name, column)
  return [...found.values()]
}
