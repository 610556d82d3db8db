import { Buffer } from 'node:buffer'

/** Rows of a column, in any of the shapes that a writer method takes. */
type Chunk = Buffer

/**
 * Builds one block of ClickHouse's Native format, column after column. Numbers go in as the memory of typed arrays, so
 * a block costs little more than copying it. Little-endian hosts only, as are all that Node and ClickHouse run on.
 *
 * Layout (as over HTTP, without a protocol revision): varuint columns, varuint rows, then for each column its name,
 * its type and its data. https://clickhouse.com/docs/interfaces/formats/Native
 */
export class NativeWriter {
  readonly rowCount: number
  readonly columnNames: string[] = []
  #chunks: Chunk[] = []

  constructor(rowCount: number) {
    this.rowCount = rowCount
  }

  /** UInt64 from integers below 2^53. */
  uint64FromNumbers(name: string, values: ArrayLike<number>): this {
    return this.#column(name, 'UInt64', values.length, [bytesOf(words64(values))])
  }

  uint16(name: string, values: Uint16Array): this {
    return this.#column(name, 'UInt16', values.length, [bytesOf(values)])
  }

  uint32(name: string, values: Uint32Array): this {
    return this.#column(name, 'UInt32', values.length, [bytesOf(values)])
  }

  int32(name: string, values: Int32Array): this {
    return this.#column(name, 'Int32', values.length, [bytesOf(values)])
  }

  uint8(name: string, values: Uint8Array): this {
    return this.#column(name, 'UInt8', values.length, [bytesOf(values)])
  }

  float64(name: string, values: Float64Array): this {
    return this.#column(name, 'Float64', values.length, [bytesOf(values)])
  }

  /** DateTime64(3) from epoch milliseconds; fractions are cut. */
  dateTime(name: string, epochMs: ArrayLike<number>): this {
    return this.#column(name, 'DateTime64(3)', epochMs.length, [bytesOf(words64(epochMs))])
  }

  /** A column whose bytes lie as the format wants them. */
  joined(name: string, type: string, data: Buffer[]): this {
    return this.#column(name, type, this.rowCount, data)
  }

  string(name: string, values: readonly string[]): this {
    return this.#column(name, 'String', values.length, [stringData(values)])
  }

  nullableInt32(name: string, values: readonly (number | null)[]): this {
    const data = bytesOf(Int32Array.from(values, (value) => value ?? 0))
    return this.#column(name, 'Nullable(Int32)', values.length, [nullMap(values), data])
  }

  nullableFloat64(name: string, values: readonly (number | null)[]): this {
    const data = bytesOf(Float64Array.from(values, (value) => value ?? 0))
    return this.#column(name, 'Nullable(Float64)', values.length, [nullMap(values), data])
  }

  /** The block. Pieces share memory with the arrays that were given; do not change those before it is sent. */
  finish(): Buffer[] {
    return [Buffer.from([...varuint(this.columnNames.length), ...varuint(this.rowCount)]), ...this.#chunks]
  }

  #column(name: string, type: string, rows: number, data: Chunk[]): this {
    if (rows !== this.rowCount) throw new RangeError(`column ${name} has ${rows} rows, the block ${this.rowCount}`)
    this.columnNames.push(name)
    this.#chunks.push(stringData([name, type]), ...data)
    return this
  }
}

function bytesOf(values: ArrayBufferView): Buffer {
  return Buffer.from(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength)
}

/** Little-endian 64-bit two's complement words of integers; much cheaper than going through bigint. */
function words64(values: ArrayLike<number>): Uint32Array {
  const words = new Uint32Array(values.length * 2)
  for (let i = 0; i < values.length; i++) {
    const value = Math.trunc(values[i] as number)
    words[i * 2] = value
    words[i * 2 + 1] = Math.floor(value / 0x1_0000_0000)
  }
  return words
}

function nullMap(values: readonly unknown[]): Buffer {
  return Buffer.from(values.map((value) => (value === null ? 1 : 0)))
}

function stringData(values: readonly string[]): Buffer {
  let size = 0
  for (const value of values) size += 10 + value.length * 3
  const out = Buffer.allocUnsafe(size)
  let position = 0
  for (const value of values) {
    for (const byte of varuint(Buffer.byteLength(value))) out[position++] = byte
    position += out.write(value, position)
  }
  return out.subarray(0, position)
}

function varuint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
  return bytes
}
