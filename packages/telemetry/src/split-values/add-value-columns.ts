import type { NativeWriter } from '../native/native-writer.ts'
import { splitValues } from './split-values.ts'

/** Adds the columns that hold values to a block for `samples`. */
export function addValueColumns(rows: NativeWriter, values: readonly Buffer[]): NativeWriter {
  const { whole, rest } = splitValues(values, rows.rowCount)
  return rows
    .joined('whole', 'Int64', [Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength)])
    .int32('rest', rest)
}
