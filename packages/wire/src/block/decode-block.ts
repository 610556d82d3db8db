import { streamsOf, type ColumnType } from '../columns/column-type.ts'
import { TABLES, type Column, type ColumnTable, type TableName } from '../columns/column-table.ts'
import { HEADER_BYTES, malformed, paddedBytes, readHeader, type DirectoryEntry } from './block-format.ts'
import { TableBlock } from './table-block.ts'

/**
 * The block that the bytes hold; inverse of encodeBlock. Columns share the bytes' memory.
 * Throws NinesError 'invalid' for anything else: wrong magic or version, wrong length, wrong checksum.
 */
export function decodeBlock(bytes: Buffer): TableBlock {
  const header = readHeader(bytes)
  const streamsAt = HEADER_BYTES + header.directoryBytes
  const checkRunsAt = streamsAt + header.streamBytes
  const slicesAt = checkRunsAt + header.checkRunBytes
  const directory = readJsonArray(bytes, HEADER_BYTES, streamsAt, 'directory') as DirectoryEntry[]
  return new TableBlock({
    workspace: header.workspace,
    receivedAt: header.receivedAt,
    retention: header.retention,
    tables: readTables(bytes.subarray(streamsAt, checkRunsAt), directory),
    checkRuns: readJsonArray(bytes, checkRunsAt, slicesAt, 'check runs') as TableBlock['checkRuns'],
    slices: readJsonArray(bytes, slicesAt, bytes.length, 'slices') as TableBlock['slices'],
  })
}

function readTables(streams: Buffer, directory: DirectoryEntry[]): Map<TableName, ColumnTable> {
  const tables = new Map<TableName, ColumnTable>()
  let at = 0
  const take = (length: number): Buffer => {
    const start = at
    at += paddedBytes(length)
    if (at > streams.length) throw malformed('its streams are shorter than its directory says')
    return streams.subarray(start, start + length)
  }
  for (const [name, rows, columns] of directory) {
    if (!TABLES.includes(name as TableName)) throw malformed(`it has rows for a table ${name}, which is not known`)
    const read = columns.map(([column, type, lengths]): Column => {
      const kinds = kindsOf(type)
      if (lengths.length !== kinds.length) throw malformed(`its column ${column} has ${lengths.length} streams`)
      const [first] = kinds
      const width = first?.kind === 'fixed' ? first.width : first?.kind === 'offsets' ? 8 : 0
      if (width > 0 && lengths[0] !== width * rows) throw malformed(`its column ${column} is not ${rows} rows long`)
      return { name: column, type: type as ColumnType, streams: lengths.map(take) }
    })
    tables.set(name as TableName, { name: name as TableName, rows, columns: read })
  }
  if (at !== streams.length) throw malformed('its streams are longer than its directory says')
  return tables
}

function kindsOf(type: string) {
  try {
    return streamsOf(type)
  } catch {
    throw malformed(`it has a column of type ${type}, which is not known`)
  }
}

function readJsonArray(bytes: Buffer, from: number, to: number, what: string): unknown[] {
  if (from === to) return []
  try {
    const rows: unknown = JSON.parse(bytes.toString('utf8', from, to))
    if (Array.isArray(rows)) return rows
  } catch {
    // Falls through to the same answer as for JSON that is no array.
  }
  throw malformed(`its ${what} are not a JSON array`)
}
