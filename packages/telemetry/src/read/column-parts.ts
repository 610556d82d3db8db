import type { ArrayColumn } from '../native/native-reader.ts'

/** Numbers as they lie in an answer. */
export type ColumnPart = Float64Array | Uint32Array

/** Each row's part of a column of arrays, without a copy. */
export function partsOfRows(column: readonly ArrayColumn[]): ColumnPart[] {
  return column.flatMap(({ ends, items }) =>
    Array.from(ends, (end, i) => items.subarray(i === 0 ? 0 : ends[i - 1], end)),
  )
}
