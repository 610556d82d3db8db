import { columnOf, type ColumnTable } from '@nines/wire'

/** A column of 64-bit words as its halves, low first; copied where it lies askew in the block's memory, zeros where it lacks. */
export function columnWords(table: ColumnTable, name: string): Uint32Array {
  const stream = columnOf(table, name)?.streams[0] ?? Buffer.alloc(8 * table.rows)
  const { buffer, byteOffset, length } = stream.byteOffset % 8 === 0 ? stream : aligned(stream)
  return new Uint32Array(buffer, byteOffset, length / 4)
}

function aligned(stream: Buffer): { buffer: ArrayBufferLike; byteOffset: number; length: number } {
  const copy = new Uint8Array(stream)
  return { buffer: copy.buffer, byteOffset: 0, length: copy.length }
}
