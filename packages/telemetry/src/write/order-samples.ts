import { columnOf, emptyColumn, type Column, type ColumnType, type RowColumns, type RowOrder } from '@nines/wire'
import { columnsOf, retentionOf, type BlockPart } from './block-table-rows.ts'

const WORD_TYPES: ReadonlySet<ColumnType> = new Set<ColumnType>(['UInt64', 'DateTime64(3)', 'Float64'])
/** The columns that the table is sorted by, behind the workspace. */
const KEY = ['series', 'at'] as const

/**
 * The samples of some blocks in the order of the table, one part for each workspace and retention: ClickHouse sorts what an
 * insert brings unless it comes sorted, and takes five times as long over it. The same blocks always give the same rows in
 * the same order. Columns are valid until `order` is used again. Parts with columns that are not of 64 bits stay as they are.
 */
export function orderSamples(parts: readonly BlockPart[], order: RowOrder): readonly BlockPart[] {
  const columns = columnsOf(parts)
  const others = columns.filter(({ name }) => name !== KEY[0] && name !== KEY[1])
  const keys = KEY.map((name) => columns.find((column) => column.name === name))
  const layout = [...keys, ...others].filter((column) => column !== undefined)
  if (layout.length !== columns.length || keys.includes(undefined) || !areWords(parts)) return parts
  const groups = groupsOf(parts)
  const ordered = order.order(groups.map((group) => group.map(({ table }) => wordsOf(table, layout))))
  return groups.map((group, i) => ({
    block: group[0]!.block,
    table: {
      name: 'samples',
      rows: ordered[i]![0]!.length / 8,
      columns: layout.map(({ name, type }, c) => ({ name, type, streams: [ordered[i]![c]!] })),
    },
  }))
}

/** Parts that are sorted among each other, in the order of workspaces. */
function groupsOf(parts: readonly BlockPart[]): BlockPart[][] {
  const groups = new Map<number, BlockPart[]>()
  for (const part of parts) {
    const key = part.block.workspace * 0x1_0000 + retentionOf('samples', part.block)
    const group = groups.get(key)
    if (group) group.push(part)
    else groups.set(key, [part])
  }
  return [...groups].toSorted(([a], [b]) => a - b).map(([, group]) => group)
}

function areWords(parts: readonly BlockPart[]): boolean {
  const types = new Map<string, ColumnType>()
  return parts.every(({ table }) =>
    table.columns.every(({ name, type }) => {
      const known = types.get(name) ?? type
      types.set(name, known)
      return WORD_TYPES.has(type) && known === type
    }),
  )
}

function wordsOf(table: BlockPart['table'], layout: readonly Pick<Column, 'name' | 'type'>[]): RowColumns {
  const columns = layout.map(({ name, type }) => columnOf(table, name) ?? emptyColumn(name, type, table.rows))
  return columns.map(({ streams }) => streams[0]!) as [Buffer, Buffer, ...Buffer[]]
}
