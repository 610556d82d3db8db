import { type BlockBuilder, type ColumnBuilder, type ColumnType, type TableName } from '@nines/wire'

/** A value of a column: epoch ms for instants of either unit, hex for ids, and the rest as one would write it. */
export type TestValue =
  | number
  | bigint
  | string
  | boolean
  | readonly TestValue[]
  | { readonly [key: string]: string | undefined }
export type TestRow = Readonly<Record<string, TestValue>>

/** Adds rows to a table of a block; a column that a row leaves out gets its type's empty value. */
export function addRows(builder: BlockBuilder, name: TableName, rows: readonly TestRow[]): void {
  const table = builder.table(name)
  for (const row of rows) {
    for (const [column, target] of Object.entries<ColumnBuilder>(table.column))
      write(target, target.type, row[column], 0)
    table.endRow()
  }
}

function write(target: ColumnBuilder, type: ColumnType, value: TestValue | undefined, level: number): void {
  const element = /^Array\((.+)\)$/.exec(type)?.[1]
  if (element) {
    const items = (value ?? []) as readonly TestValue[]
    for (const item of items) write(target, element as ColumnType, item, level + 1)
    target.endRow(items.length, level)
  } else if (type === 'Map(String, String)') {
    const entries = Object.entries((value ?? {}) as Record<string, string>)
    for (const [key, text] of entries) {
      target.streams[level + 1]!.text(key)
      target.streams[level + 2]!.text(text)
    }
    target.endRow(entries.length, level)
  } else writeOne(target.streams[level]!, type, value)
}

function writeOne(stream: ColumnBuilder['streams'][number], type: ColumnType, value: TestValue | undefined): void {
  if (type === 'String') stream.text((value ?? '') as string)
  else if (type === 'Float64') stream.float64((value ?? 0) as number)
  else if (type === 'UInt8' || type === 'Int8' || type === 'Bool') stream.uint8(Number(value ?? 0) & 0xff)
  else if (type === 'UInt32') stream.uint32((value ?? 0) as number)
  else if (type === 'Int32') stream.int32((value ?? 0) as number)
  else if (type === 'DateTime64(9)') stream.bigint64(BigInt(Math.trunc(((value ?? 0) as number) * 1000)) * 1000n)
  else if (type.startsWith('FixedString')) {
    const width = Number(/\d+/.exec(type))
    stream.copy(Buffer.from(((value ?? '') as string).padStart(2 * width, '0'), 'hex'))
  } else stream.bigint64(BigInt((value ?? 0) as number | bigint))
}
