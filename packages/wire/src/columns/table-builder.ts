import { ByteStream } from './byte-stream.ts'
import { streamsOf, type ColumnType } from './column-type.ts'
import type { ColumnTable, TableName } from './column-table.ts'
import type { MemoryPool } from './memory-pool.ts'

/** Columns of a table by name. */
export type Columns = Readonly<Record<string, ColumnType>>

/** Streams of one column that is being built; `offsets` columns count their items themselves. */
export class ColumnBuilder {
  readonly type: ColumnType
  readonly streams: readonly ByteStream[]
  /** Items so far at each level of nesting. */
  readonly #items: number[]

  constructor(type: ColumnType, memory?: MemoryPool) {
    this.type = type
    const kinds = streamsOf(type)
    this.streams = kinds.map(() => new ByteStream(undefined, memory))
    this.#items = kinds.filter(({ kind }) => kind === 'offsets').map(() => 0)
  }

  /** The stream that values go to: the only one, an array's items, a map's keys. */
  get values(): ByteStream {
    return this.streams[this.#items.length]!
  }

  /** A map's values. */
  get mapValues(): ByteStream {
    return this.streams[this.#items.length + 1]!
  }

  /** Ends a row of an array or map (or, at level 1, an item that is itself one) that got `count` more items. */
  endRow(count: number, level = 0): void {
    const end = this.#items[level]! + count
    this.#items[level] = end
    this.streams[level]!.word64(end, 0)
  }

  mark(): ColumnMark {
    return { lengths: this.streams.map((stream) => stream.length), items: [...this.#items] }
  }

  rollback({ lengths, items }: ColumnMark): void {
    for (const [i, stream] of this.streams.entries()) stream.truncate(lengths[i]!)
    for (const [i, count] of items.entries()) this.#items[i] = count
  }
}

export interface ColumnMark {
  lengths: number[]
  items: number[]
}

export interface TableMark {
  rows: number
  columns: ColumnMark[]
}

/** Collects rows of one table, column by column. Whoever adds a row writes every column and then calls `endRow`. */
export class TableBuilder<C extends Columns> {
  readonly name: TableName
  readonly column: { readonly [K in keyof C]: ColumnBuilder }
  rows = 0

  constructor(name: TableName, columns: C, memory?: MemoryPool) {
    this.name = name
    this.column = Object.fromEntries(
      Object.entries(columns).map(([column, type]) => [column, new ColumnBuilder(type, memory)]),
    ) as { [K in keyof C]: ColumnBuilder }
  }

  endRow(): void {
    this.rows++
  }

  get bytes(): number {
    let sum = 0
    for (const { streams } of Object.values<ColumnBuilder>(this.column))
      for (const stream of streams) sum += stream.length
    return sum
  }

  mark(): TableMark {
    return { rows: this.rows, columns: Object.values<ColumnBuilder>(this.column).map((column) => column.mark()) }
  }

  rollback({ rows, columns }: TableMark): void {
    this.rows = rows
    for (const [i, column] of Object.values<ColumnBuilder>(this.column).entries()) column.rollback(columns[i]!)
  }

  /** Gives the memory of all columns back; what `finish` gave is not to be used afterwards. */
  release(): void {
    for (const { streams } of Object.values<ColumnBuilder>(this.column)) for (const stream of streams) stream.release()
  }

  /** The rows so far, without a copy: the builder is not to be used afterwards. */
  finish(): ColumnTable {
    const columns = Object.entries<ColumnBuilder>(this.column).map(([name, { type, streams }]) => ({
      name,
      type,
      streams: streams.map((stream) => stream.toBuffer()),
    }))
    return { name: this.name, rows: this.rows, columns }
  }
}
