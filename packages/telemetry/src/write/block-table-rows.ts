import { columnOf, joinColumns, tablesOf, type Block, type ColumnTable, type TableName } from '@nines/wire'
import { NativeWriter } from '../native/native-writer.ts'
import { workspaceColumn, type TableRows } from './table-rows.ts'

/** Tables whose engine keeps one row of those with one key, so that repeats collapse by themselves. */
const COLLAPSING: readonly TableName[] = ['series']

/** Rows of one table of all blocks, in the order of the blocks. Columns are joined as they lie; no row is looked at. */
export function blockTableRows(name: TableName, blocks: readonly Block[]): TableRows {
  const parts = blocks.flatMap((block) => {
    const table = tablesOf(block).get(name)
    return table && table.rows > 0 ? [{ block, table }] : []
  })
  const rowsOf = new Map(parts.map(({ block, table }) => [block, table.rows]))
  const workspace = workspaceColumn(
    parts.map(({ block }) => block),
    (block) => rowsOf.get(block) ?? 0,
  )
  const rows = new NativeWriter(workspace.length).uint32('workspace', workspace)
  for (const { name: column, type } of columnsOf(parts)) {
    const same = parts.map(({ table }) => columnOf(table, column) ?? defaultColumn(column, type, table.rows))
    rows.joined(column, type, joinColumns(same))
  }
  if (name === 'series') addSightings(rows, parts)
  return { table: name, rows, repeatsCollapseBy: COLLAPSING.includes(name) ? 'engine' : 'token' }
}

interface Part {
  block: Block
  table: ColumnTable
}

/** Every column that any of the parts has, in the order of first sight. */
function columnsOf(parts: readonly Part[]): ColumnTable['columns'] {
  const found = new Map<string, ColumnTable['columns'][number]>()
  for (const { table } of parts)
    for (const column of table.columns) if (!found.has(column.name)) found.set(column.name, column)
  return [...found.values()]
}

/** A block may leave out a column of instants in which nothing is known. */
function defaultColumn(name: string, type: string, rows: number) {
  if (type !== 'DateTime64(3)') throw new RangeError(`a block lacks column ${name} of type ${type}`)
  return { name, type, streams: [Buffer.alloc(8 * rows)] } as const
}

/** A series is seen when ingest received the block that announces it. */
function addSightings(rows: NativeWriter, parts: readonly Part[]): void {
  const receivedAt = parts.flatMap(({ block, table }) => Array.from({ length: table.rows }, () => block.receivedAt))
  rows.dateTime('first_seen', receivedAt).dateTime('last_seen', receivedAt)
}
