import type { Slice } from '@nines/contracts'
import type { Block } from '@nines/wire'
import { NativeWriter } from '../native/native-writer.ts'
import { workspaceColumn, type TableRows } from './table-rows.ts'

/** SLI slices of all blocks in the order of the blocks and of their rows. */
export function sliceRows(blocks: readonly Block[]): TableRows {
  const all = blocks.flatMap((block) => block.slices)
  const pick = <T>(value: (slice: Slice) => T) => all.map(value)
  const rows = new NativeWriter(all.length)
    .uint32(
      'workspace',
      workspaceColumn(blocks, (block) => block.slices.length),
    )
    .string(
      'slo_id',
      pick((slice) => slice.sloId),
    )
    .uint32('version', Uint32Array.from(pick((slice) => slice.version)))
    .dateTime(
      'minute',
      pick((slice) => slice.minute),
    )
    .float64('good', Float64Array.from(pick((slice) => slice.good)))
    .float64('total', Float64Array.from(pick((slice) => slice.total)))
    .float64('expected', Float64Array.from(pick((slice) => slice.expected)))
    .uint64FromNumbers(
      'revision',
      pick((slice) => slice.revision),
    )
  return { table: 'slices', rows, repeatsCollapseBy: 'engine' }
}
