import type { Block } from './block.ts'

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
  return block.samples.series.length + block.histograms.length + block.checkRuns.length + block.slices.length
}
