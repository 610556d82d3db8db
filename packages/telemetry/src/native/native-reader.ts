import { NinesError } from '@nines/kernel'

/** Arrays of all rows of a block one behind the other, and where each row's ends. */
export interface ArrayColumn {
  ends: Float64Array
  items: Float64Array | Uint32Array
}

type NativeColumn = BigUint64Array | Float64Array | string[] | ArrayColumn

/** Columns of a result by name, one value per row. Times are epoch milliseconds, UInt64 inside arrays are numbers. */
export interface NativeResult {
  rowCount: number
  bigints(name: string): BigUint64Array
  /** DateTime64(3), Float64, UInt32 and UInt8. */
  numbers(name: string): Float64Array
  texts(name: string): string[]
  arrays(name: string): number[][]
  /** Arrays as they lie, one entry a block of the result. */
  arrayColumns(name: string): ArrayColumn[]
}

interface Block {
  rowCount: number
  columns: Map<string, NativeColumn>
}

/** Decodes the answer to `SELECT … FORMAT Native`; throws `internal` for a type that this reader does not know. */
export function readNative(bytes: Buffer): NativeResult {
  const reader = new NativeReader(bytes)
  const blocks: Block[] = []
  while (!reader.isAtEnd) {
    const block = reader.block()
    if (block.rowCount > 0) blocks.push(block)
  }
  const rowCount = blocks.reduce((sum, block) => sum + block.rowCount, 0)
  const column = (name: string) =>
    blocks.map((block) => {
      const part = block.columns.get(name)
      if (!part) throw new NinesError('internal', `ClickHouse's answer has no column ${name}`)
      return part
    })
  return {
    rowCount,
    bigints: (name) => joined(new BigUint64Array(rowCount), column(name) as BigUint64Array[]),
    numbers: (name) => joined(new Float64Array(rowCount), column(name) as Float64Array[]),
    texts: (name) => (column(name) as string[][]).flat(),
    arrays: (name) => (column(name) as ArrayColumn[]).flatMap(rowsOf),
    arrayColumns: (name) => column(name) as ArrayColumn[],
  }
}

function joined<T extends BigUint64Array | Float64Array>(whole: T, parts: T[]): T {
  // One block is the usual case and needs no copy.
  if (parts.length === 1) return parts[0] as T
  let position = 0
  for (const part of parts) {
    whole.set(part as never, position)
    position += part.length
  }
  return whole
}

class NativeReader {
  readonly #bytes: Buffer
  #position = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#bytes.length
  }

  block(): Block {
    const columnCount = this.#varuint()
    const rowCount = this.#varuint()
    const columns = new Map<string, NativeColumn>()
    for (let i = 0; i < columnCount; i++) {
      const name = this.#string()
      const type = this.#string()
      columns.set(name, rowCount === 0 ? [] : this.#data(type, rowCount))
    }
    return { rowCount, columns }
  }

  #data(type: string, rows: number): NativeColumn {
    if (type === 'UInt64') return new BigUint64Array(this.#take(rows * 8))
    if (type === 'Float64') return new Float64Array(this.#take(rows * 8))
    if (type === 'UInt32') return Float64Array.from(new Uint32Array(this.#take(rows * 4)))
    if (type === 'UInt8' || type === 'Bool') return Float64Array.from(new Uint8Array(this.#take(rows)))
    if (type.startsWith('DateTime64(3')) return numbersOf(new Uint32Array(this.#take(rows * 8)), true)
    if (type === 'String') return Array.from({ length: rows }, () => this.#string())
    const element = /^Array\((.+)\)$/.exec(type)?.[1]
    if (element) return this.#arrays(element, rows)
    throw new NinesError('internal', `ClickHouse answered with a column of type ${type}`)
  }

  #arrays(element: string, rows: number): ArrayColumn {
    const ends = numbersOf(new Uint32Array(this.#take(rows * 8)), false)
    const total = ends[rows - 1] as number
    if (element === 'Float64') return { ends, items: new Float64Array(this.#take(total * 8)) }
    if (element === 'UInt32') return { ends, items: new Uint32Array(this.#take(total * 4)) }
    if (element === 'UInt64') return { ends, items: numbersOf(new Uint32Array(this.#take(total * 8)), false) }
    throw new NinesError('internal', `ClickHouse answered with arrays of ${element}`)
  }

  /** A copy, so that the memory is aligned for typed arrays. */
  #take(length: number): ArrayBuffer {
    const end = this.#position + length
    if (end > this.#bytes.length) throw new NinesError('internal', 'ClickHouse’s answer ends in the middle of a column')
    const { buffer, byteOffset } = this.#bytes
    const copy = (buffer as ArrayBuffer).slice(byteOffset + this.#position, byteOffset + end)
    this.#position = end
    return copy
  }

  #string(): string {
    const length = this.#varuint()
    const start = this.#position
    this.#position += length
    if (this.#position > this.#bytes.length)
      throw new NinesError('internal', 'ClickHouse’s answer ends in the middle of a text')
    return this.#bytes.toString('utf8', start, this.#position)
  }

  #varuint(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const byte = this.#bytes[this.#position++]
      if (byte === undefined) throw new NinesError('internal', 'ClickHouse’s answer ends in the middle of a number')
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
      factor *= 0x80
    }
  }
}

function rowsOf({ ends, items }: ArrayColumn): number[][] {
  return Array.from(ends, (end, i) => [...items.subarray(i === 0 ? 0 : ends[i - 1], end)])
}

/** 64-bit little-endian words as numbers, exact below 2^53. */
function numbersOf(words: Uint32Array, signed: boolean): Float64Array {
  const numbers = new Float64Array(words.length / 2)
  for (let i = 0; i < numbers.length; i++) {
    const high = words[i * 2 + 1] as number
    numbers[i] = (signed ? high | 0 : high) * 0x1_0000_0000 + (words[i * 2] as number)
  }
  return numbers
}
