import { NinesError } from '@nines/kernel'
import { columnOf, type Column, type ColumnTable } from './column-table.ts'

/** A column that the table must have. Throws 'invalid' when it has none, or one of another type. */
export function requireColumn(table: ColumnTable, name: string, type: Column['type']): Column {
  const column = columnOf(table, name)
  if (!column || column.type !== type)
    throw new NinesError('invalid', `a block's table ${table.name} has no column ${name} of type ${type}`)
  return column
}

/** Memory of a stream, aligned for typed arrays: a copy, because a buffer from a socket starts anywhere. */
function aligned(stream: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(stream.length)
  new Uint8Array(copy).set(stream)
  return copy
}

export function readBigUints(stream: Buffer): BigUint64Array {
  return new BigUint64Array(aligned(stream))
}

export function readFloats(stream: Buffer): Float64Array {
  return new Float64Array(aligned(stream))
}

/** 64-bit signed words as numbers: exact below 2^53, so for DateTime64(3) always. */
export function readIntegers(stream: Buffer): Float64Array {
  const words = new Uint32Array(aligned(stream))
  const numbers = new Float64Array(words.length / 2)
  for (let i = 0; i < numbers.length; i++) numbers[i] = (words[2 * i + 1]! | 0) * 0x1_0000_0000 + words[2 * i]!
  return numbers
}

/** Every value of a stream of strings. */
export function readTexts(stream: Buffer, count: number): string[] {
  const texts: string[] = Array.from({ length: count })
  let at = 0
  for (let i = 0; i < count; i++) {
    let size = 0
    let factor = 1
    for (;;) {
      const byte = stream[at++]
      if (byte === undefined) throw new NinesError('invalid', 'a column of texts ends too early')
      size += (byte & 0x7f) * factor
      if (byte < 0x80) break
      factor *= 0x80
    }
    texts[i] = stream.toString('utf8', at, at + size)
    at += size
  }
  return texts
}

/** Entries of every row of a Map(String, String). */
export function readMaps(column: Column): [string, string][][] {
  const [offsets, keyStream, valueStream] = column.streams as [Buffer, Buffer, Buffer]
  const ends = readIntegers(offsets)
  const total = ends.at(-1) ?? 0
  const keys = readTexts(keyStream, total)
  const values = readTexts(valueStream, total)
  return Array.from(ends, (end, row) => {
    const entries: [string, string][] = []
    for (let i = row === 0 ? 0 : ends[row - 1]!; i < end; i++) entries.push([keys[i]!, values[i]!])
    return entries
  })
}

/** Items of every row of an Array(Float64). */
export function readFloatArrays(column: Column): number[][] {
  const [offsets, items] = column.streams as [Buffer, Buffer]
  return sliced(readIntegers(offsets), readFloats(items))
}

/** Items of every row of an Array(UInt64), exact below 2^53. */
export function readIntegerArrays(column: Column): number[][] {
  const [offsets, items] = column.streams as [Buffer, Buffer]
  return sliced(readIntegers(offsets), readIntegers(items))
}

function sliced(ends: Float64Array, items: Float64Array): number[][] {
  return Array.from(ends, (end, row) => [...items.subarray(row === 0 ? 0 : ends[row - 1], end)])
}
