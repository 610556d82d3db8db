import { readIntegers, readMaps, readTexts } from '../columns/column-reader.ts'
import { streamsOf } from '../columns/column-type.ts'
import type { Column, ColumnTable } from '../columns/column-table.ts'

/**
 * Rows of a table as plain objects, for tests to look at: 64-bit words and instants as bigint, bytes in hexadecimal, maps
 * as lists of pairs so that their order shows.
 */
export function rowsOf(table: ColumnTable | undefined): Record<string, unknown>[] {
  if (!table) return []
  const columns = table.columns.map((column) => [column.name, valuesOf(column, table.rows)] as const)
  return Array.from({ length: table.rows }, (_, i) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[i]])),
  )
}

function valuesOf({ name, type, streams }: Column, count: number): unknown[] {
  const element = /^Array\((.+)\)$/.exec(type)?.[1]
  if (element) {
    const ends = readIntegers(streams[0]!)
    const items = valuesOf({ name, type: element as Column['type'], streams: streams.slice(1) }, ends.at(-1) ?? 0)
    return Array.from(ends, (end, i) => items.slice(i === 0 ? 0 : ends[i - 1], end))
  }
  const stream = streams[0]!
  if (type === 'Map(String, String)') return readMaps({ name, type, streams })
  if (type === 'String') return readTexts(stream, count)
  const [layout] = streamsOf(type)
  const width = layout?.kind === 'fixed' ? layout.width : 0
  return Array.from({ length: count }, (_, i) => fixedValue(type, stream, i * width, width))
}

function fixedValue(type: Column['type'], stream: Buffer, at: number, width: number): unknown {
  if (type.startsWith('FixedString')) return stream.toString('hex', at, at + width)
  if (type === 'Float64') return stream.readDoubleLE(at)
  if (width === 8) return stream.readBigInt64LE(at)
  if (type === 'Bool') return stream[at] !== 0
  return type.startsWith('UInt') ? stream.readUIntLE(at, width) : stream.readIntLE(at, width)
}
