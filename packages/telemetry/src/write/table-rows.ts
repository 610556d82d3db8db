import type { Block } from '@nines/wire'
import type { NativeWriter } from '../native/native-writer.ts'

/** Rows of one record for one table, ready to send. */
export interface TableRows {
  table: string
  rows: NativeWriter
  /**
   * What a repeat of an insert after a failure does. `token`: the table keeps every row it is given, so only the
   * deduplication token makes a repeat harmless. `engine`: rows with one key collapse whatever the token.
   */
  repeatsCollapseBy: 'token' | 'engine'
}

/** The workspace of every row, for rows that stand in blocks one after the other. */
export function workspaceColumn(blocks: readonly Block[], rowsOf: (block: Block) => number): Uint32Array {
  const column = new Uint32Array(blocks.reduce((sum, block) => sum + rowsOf(block), 0))
  fillByBlock(column, blocks, rowsOf, (block) => block.workspace)
  return column
}

/** Gives each block's rows the block's value. */
export function fillByBlock(
  column: Uint32Array | Uint16Array | Float64Array,
  blocks: readonly Block[],
  rowsOf: (block: Block) => number,
  valueOf: (block: Block) => number,
): void {
  let position = 0
  for (const block of blocks) {
    const end = position + rowsOf(block)
    column.fill(valueOf(block), position, end)
    position = end
  }
}
