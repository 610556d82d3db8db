import { NinesError } from '@nines/kernel'
import { requireColumn } from '../columns/column-reader.ts'
import type { ColumnTable } from '../columns/column-table.ts'
import type { ColumnType } from '../columns/column-type.ts'
import { TextCursor } from '../columns/text-cursor.ts'

/**
 * Goes through a block's definitions of series row by row, where they lie: for who looks at thousands of them and keeps
 * little. Throws NinesError 'invalid' for a column that is missing or ends too early.
 */
export class SeriesRows {
  /** Of the current row. */
  metric = ''
  kind = ''
  temporality = ''
  idLow = 0
  idHigh = 0
  labelCount = 0
  readonly #rows: number
  readonly #ids: DataView
  readonly #metrics: TextCursor
  readonly #kinds: TextCursor
  readonly #temporalities: TextCursor
  readonly #labelEnds: DataView
  readonly #names: TextCursor
  readonly #values: TextCursor
  #row = -1
  #labelEnd = 0
  #labelsLeft = 0

  constructor(table: ColumnTable) {
    const streams = (name: string, type: ColumnType) => requireColumn(table, name, type).streams
    const texts = (name: string) => new TextCursor(streams(name, 'String')[0]!)
    const [ends, names, values] = streams('labels', 'Map(String, String)') as [Buffer, Buffer, Buffer]
    const ids = streams('series', 'UInt64')[0]!
    if (ids.length < 8 * table.rows || ends.length < 8 * table.rows)
      throw new NinesError('invalid', "a block's table series has columns of different lengths")
    this.#rows = table.rows
    this.#ids = viewOf(ids)
    this.#metrics = texts('metric')
    this.#kinds = texts('kind')
    this.#temporalities = texts('temporality')
    this.#labelEnds = viewOf(ends)
    this.#names = new TextCursor(names)
    this.#values = new TextCursor(values)
  }

  /** Goes to the next row; false behind the last. */
  next(): boolean {
    while (this.#labelsLeft > 0) this.nextLabel()
    if (++this.#row >= this.#rows) return false
    const at = 8 * this.#row
    this.idLow = this.#ids.getUint32(at, true)
    this.idHigh = this.#ids.getUint32(at + 4, true)
    if (!this.#metrics.next()) this.metric = this.#metrics.text()
    if (!this.#kinds.next()) this.kind = this.#kinds.text()
    if (!this.#temporalities.next()) this.temporality = this.#temporalities.text()
    const end = this.#labelEnds.getUint32(at, true)
    this.labelCount = this.#labelsLeft = end - this.#labelEnd
    this.#labelEnd = end
    return true
  }

  /** Goes to the next label of the row, of which there are `labelCount`: `name` and `value` then stand on it. */
  nextLabel(): void {
    this.#labelsLeft--
    this.#names.next()
    this.#values.next()
  }

  get name(): TextCursor {
    return this.#names
  }

  get value(): TextCursor {
    return this.#values
  }
}

function viewOf(stream: Buffer): DataView {
  return new DataView(stream.buffer, stream.byteOffset, stream.byteLength)
}
