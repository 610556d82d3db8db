import { NinesError } from '@nines/kernel'
import { streamsOf, type ColumnType } from './column-type.ts'

/** Tables of ClickHouse that blocks carry rows for, in the order in which the rows are inserted. */
export const TABLES = [
  'series',
  'samples',
  'histograms',
  'exponential_histograms',
  'exemplars',
  'logs',
  'spans',
] as const
export type TableName = (typeof TABLES)[number]

export interface Column {
  name: string
  type: ColumnType
  /** Bytes of the column, one buffer a stream (see column-type.ts). */
  streams: readonly Buffer[]
}

/** Rows of one table as columns. What is the same for all rows of a block, such as the workspace, is no column here. */
export interface ColumnTable {
  name: TableName
  rows: number
  columns: readonly Column[]
}

/** The column of that name, or undefined where the block has none (it then has the table's default). */
export function columnOf(table: ColumnTable, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name)
}

/**
 * One column made of the same column of several tables, in their order. Streams of values follow each other as they are;
 * offsets count on from where the part before ended. Throws 'internal' where types differ.
 */
export function joinColumns(parts: readonly Column[]): Buffer[] {
  const [first] = parts
  if (!first) return []
  if (parts.length === 1) return [...first.streams]
  if (parts.some((part) => part.type !== first.type))
    throw new NinesError('internal', `column ${first.name} has different types in blocks that are to be joined`)
  return streamsOf(first.type).flatMap(({ kind }, i) => {
    const pieces = parts.map((part) => part.streams[i]!)
    return kind === 'offsets' ? [rebased(pieces)] : pieces
  })
}

/** Offsets of several parts as if the parts were one. Counts stay below 2^32: a batch is bounded in bytes. */
function rebased(pieces: readonly Buffer[]): Buffer {
  const joined = Buffer.concat(pieces)
  let base = 0
  let at = 0
  for (const piece of pieces) {
    const end = at + piece.length
    if (base > 0) for (let i = at; i < end; i += 8) joined.writeUInt32LE(joined.readUInt32LE(i) + base, i)
    if (end > at) base = joined.readUInt32LE(end - 8)
    at = end
  }
  return joined
}
