import type { Block } from './block.ts'
import { tablesOf } from './table-rows-of-block.ts'

const CHECK_RUN_BYTES = 300
const SLICE_BYTES = 80

/** A block without rows, for a consumer that needs a harmless one and for building small ones by hand. */
export function emptyBlock(workspace: number, receivedAt = 0): Block {
  return {
    workspace,
    receivedAt,
    series: [],
    samples: {
      series: new BigUint64Array(0),
      at: new Float64Array(0),
      start: new Float64Array(0),
      value: new Float64Array(0),
    },
    histograms: [],
    checkRuns: [],
    slices: [],
  }
}

/** Rows of a block of every kind, definitions of series not counted. */
export function countRows(block: Block): number {
  let rows = block.checkRuns.length + block.slices.length
  for (const table of tablesOf(block).values()) if (table.name !== 'series') rows += table.rows
  return rows
}

/** Memory that a block's rows take, near enough for a limit. */
export function blockBytes(block: Block): number {
  let bytes = block.checkRuns.length * CHECK_RUN_BYTES + block.slices.length * SLICE_BYTES
  for (const { columns } of tablesOf(block).values())
    for (const { streams } of columns) for (const stream of streams) bytes += stream.length
  return bytes
}
