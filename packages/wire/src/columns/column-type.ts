/**
 * Types of the columns that blocks carry, by their ClickHouse names. A column lies in one or more streams of bytes, laid
 * out as in ClickHouse's Native format, so that the store joins columns of many blocks without looking at rows:
 *
 *   fixed     little-endian values of one width
 *   string    each value as a varuint of its length in bytes, then the bytes
 *   offsets   for each row of an array or map the end of its items (UInt64), then the items' own streams
 *
 * https://clickhouse.com/docs/interfaces/formats/Native
 */
export type ColumnType =
  | 'UInt8'
  | 'Bool'
  | 'Int8'
  | 'Int32'
  | 'UInt32'
  | 'UInt64'
  | 'Float64'
  | 'DateTime64(3)'
  | 'DateTime64(9)'
  | 'FixedString(8)'
  | 'FixedString(16)'
  | 'String'
  | 'Map(String, String)'
  | 'Array(Float64)'
  | 'Array(UInt64)'
  | 'Array(String)'
  | 'Array(DateTime64(9))'
  | 'Array(FixedString(8))'
  | 'Array(FixedString(16))'
  | 'Array(Map(String, String))'

export type StreamKind = { kind: 'fixed'; width: number } | { kind: 'string' } | { kind: 'offsets' }

const WIDTHS: Partial<Record<ColumnType, number>> = {
  UInt8: 1,
  Bool: 1,
  Int8: 1,
  Int32: 4,
  UInt32: 4,
  UInt64: 8,
  Float64: 8,
  'DateTime64(3)': 8,
  'DateTime64(9)': 8,
  'FixedString(8)': 8,
  'FixedString(16)': 16,
}
const STRING: StreamKind = { kind: 'string' }
const OFFSETS: StreamKind = { kind: 'offsets' }
const layouts = new Map<string, readonly StreamKind[]>()

/** Streams of a column of the type, in the order in which they lie. Throws RangeError for a type that is not known. */
export function streamsOf(type: string): readonly StreamKind[] {
  const known = layouts.get(type)
  if (known) return known
  const made = layoutOf(type)
  layouts.set(type, made)
  return made
}

function layoutOf(type: string): readonly StreamKind[] {
  const width = WIDTHS[type as ColumnType]
  if (width !== undefined) return [{ kind: 'fixed', width }]
  if (type === 'String') return [STRING]
  if (type === 'Map(String, String)') return [OFFSETS, STRING, STRING]
  const element = /^Array\((.+)\)$/.exec(type)?.[1]
  if (element) return [OFFSETS, ...layoutOf(element)]
  throw new RangeError(`blocks carry no columns of type ${type}`)
}
