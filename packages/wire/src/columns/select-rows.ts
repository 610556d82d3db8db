import { NinesError } from '@nines/kernel'
import type { Column, ColumnTable } from './column-table.ts'
import { streamsOf, type ColumnType, type StreamKind } from './column-type.ts'

/** The rows of a table for which `keeps` holds, in their order; columns are cut as they lie. */
export function selectRows(table: ColumnTable, keeps: (row: number) => boolean): ColumnTable {
  const rows: number[] = []
  for (let row = 0; row < table.rows; row++) if (keeps(row)) rows.push(row)
  return {
    name: table.name,
    rows: rows.length,
    columns: table.columns.map((column) => ({ ...column, streams: selected(column, rows, table.rows) })),
  }
}

/** A column in which every row has its type's empty value: zero, no text, no items. */
export function emptyColumn(name: string, type: ColumnType, rows: number): Column {
  const [first, ...items] = streamsOf(type)
  const width = first?.kind === 'fixed' ? first.width : first?.kind === 'string' ? 1 : 8
  return { name, type, streams: [Buffer.alloc(width * rows), ...items.map(() => Buffer.alloc(0))] }
}

function selected({ type, streams }: Column, rows: readonly number[], count: number): Buffer[] {
  const kinds = streamsOf(type)
  const picked: Buffer[] = []
  let wanted = rows
  let present = count
  for (const [i, kind] of kinds.entries()) {
    const stream = streams[i]!
    if (kind.kind === 'offsets') {
      const inner = itemsOf(stream, wanted)
      picked.push(inner.offsets)
      wanted = inner.items
      present = present === 0 ? 0 : Number(stream.readBigUInt64LE(8 * (present - 1)))
    } else picked.push(Buffer.concat(valuesAt(kind, stream, wanted, present)))
  }
  return picked
}

/** Offsets of the wanted rows as if there were no others, and the places of their items. */
function itemsOf(offsets: Buffer, rows: readonly number[]): { offsets: Buffer; items: number[] } {
  const items: number[] = []
  const ends = Buffer.alloc(8 * rows.length)
  for (const [i, row] of rows.entries()) {
    const end = Number(offsets.readBigUInt64LE(8 * row))
    for (let item = row === 0 ? 0 : Number(offsets.readBigUInt64LE(8 * (row - 1))); item < end; item++) items.push(item)
    ends.writeUInt32LE(items.length, 8 * i)
  }
  return { offsets: ends, items }
}

/** The bytes of single values as they lie; `places` ascend. */
function valuesAt(kind: StreamKind, stream: Buffer, places: readonly number[], count: number): Buffer[] {
  if (kind.kind === 'fixed') return places.map((place) => stream.subarray(place * kind.width, (place + 1) * kind.width))
  const values: Buffer[] = []
  let at = 0
  let next = 0
  for (let place = 0; place < count && next < places.length; place++) {
    const { end } = textAt(stream, at)
    if (places[next] === place) {
      values.push(stream.subarray(at, end))
      next++
    }
    at = end
  }
  return values
}

/** Texts at the given places (ascending) of a String column, as bytes without their length. */
export function textsAt(stream: Buffer, places: readonly number[]): Buffer[] {
  const last = places.at(-1) ?? -1
  return valuesAt({ kind: 'string' }, stream, places, last + 1).map((value) => value.subarray(textAt(value, 0).start))
}

/** Where the bytes of the text whose length stands at `at` begin and end. */
function textAt(stream: Buffer, at: number): { start: number; end: number } {
  let size = 0
  let factor = 1
  let start = at
  for (;;) {
    const byte = stream[start++]
    if (byte === undefined) throw new NinesError('invalid', 'a column of texts ends too early')
    size += (byte & 0x7f) * factor
    if (byte < 0x80) return { start, end: start + size }
    factor *= 0x80
  }
}
