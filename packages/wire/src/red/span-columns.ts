import { requireColumn } from '../columns/column-reader.ts'
import type { ColumnTable } from '../columns/column-table.ts'
import type { ColumnType } from '../columns/column-type.ts'
import { wordsToMs } from '../otlp/unix-nanos.ts'
import { TextCursor } from '../columns/text-cursor.ts'

/** The columns of spans that RED needs, read where they lie. */
export class SpanColumns {
  readonly rows: number
  readonly service: TextCursor
  readonly name: TextCursor
  readonly #at: DataView
  readonly #duration: DataView
  readonly #kind: Buffer
  readonly #status: Buffer
  readonly #traceId: Buffer
  readonly #spanId: Buffer

  constructor(table: ColumnTable) {
    const stream = (name: string, type: ColumnType) => requireColumn(table, name, type).streams[0]!
    this.rows = table.rows
    this.service = new TextCursor(stream('service', 'String'))
    this.name = new TextCursor(stream('name', 'String'))
    this.#at = viewOf(stream('at', 'DateTime64(9)'))
    this.#duration = viewOf(stream('duration', 'UInt64'))
    this.#kind = stream('kind', 'UInt8')
    this.#status = stream('status_code', 'UInt8')
    this.#traceId = stream('trace_id', 'FixedString(16)')
    this.#spanId = stream('span_id', 'FixedString(8)')
  }

  kind(row: number): number {
    return this.#kind[row]!
  }

  status(row: number): number {
    return this.#status[row]!
  }

  /** Nanoseconds, exact below 2^53. */
  duration(row: number): number {
    return this.#duration.getUint32(8 * row + 4, true) * 0x1_0000_0000 + this.#duration.getUint32(8 * row, true)
  }

  /** Epoch ms at which the span ended. */
  endMs(row: number): number {
    const low = this.#at.getUint32(8 * row, true) + this.#duration.getUint32(8 * row, true)
    const carry = low > 0xffff_ffff ? 1 : 0
    const high = this.#at.getUint32(8 * row + 4, true) + this.#duration.getUint32(8 * row + 4, true) + carry
    return wordsToMs(high, low % 0x1_0000_0000)
  }

  traceId(row: number): Buffer {
    return this.#traceId.subarray(16 * row, 16 * row + 16)
  }

  spanId(row: number): Buffer {
    return this.#spanId.subarray(8 * row, 8 * row + 8)
  }
}

function viewOf(stream: Buffer): DataView {
  return new DataView(stream.buffer, stream.byteOffset, stream.byteLength)
}
