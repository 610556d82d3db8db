import type { DecoderExports } from './decoder-exports.ts'

const PAGE_BYTES = 65_536
const VALUE_BYTES = 8
/** Rows that are copied in at a time: they are still in the processor's cache when they are dealt out. */
const INPUT_ROWS = 4096
/** Columns lie a cache line further apart than a power of two, so that their lines do not push each other out. */
const INPUT_STRIDE = INPUT_ROWS * VALUE_BYTES + 64
const PILES = 256
const ENDS_BYTES = PILES * 4
const PLACES_BYTES = (2 ** 16 + 1) * 4

/** Columns of 64-bit values of the same rows as they lie: ids, instants, then any others. */
export type RowColumns = readonly [ids: Buffer, at: Buffer, ...others: Buffer[]]

/**
 * Orders rows by id (unsigned) and instant, in memory of its own that it uses again: fresh pages would cost as much as the
 * rest of it. Rows alike in both keep the order in which they came, so nothing but the rows decides. That ids are hashes makes it cheap (see
 * assembly/order-rows.ts); of ids that are none and begin alike, rows may come out partly ordered.
 */
export class RowOrder {
  readonly #exports: DecoderExports
  readonly #ends: number
  readonly #places: number
  readonly #input: number

  /** `module` comes from `loadDecoder`. */
  constructor(module: WebAssembly.Module) {
    this.#exports = new WebAssembly.Instance(module).exports as unknown as DecoderExports
    this.#ends = align(this.#exports.freeFrom())
    this.#places = align(this.#ends + ENDS_BYTES)
    this.#input = align(this.#places + PLACES_BYTES)
  }

  /** Memory that it holds. */
  get bytes(): number {
    return this.#exports.memory.buffer.byteLength
  }

  /**
   * The rows of each group, ordered. A group's pieces follow each other and have the same columns. What is answered is
   * valid until the next call.
   */
  order(groups: readonly (readonly RowColumns[])[]): Buffer[][] {
    const sizes = groups.map((pieces) => ({ rows: rowsOf(pieces), width: pieces[0]?.length ?? 0 }))
    const width = Math.max(0, ...sizes.map((size) => size.width))
    const records = align(this.#input + width * INPUT_STRIDE)
    let out = align(records + Math.max(0, ...sizes.map((size) => size.rows * size.width)) * VALUE_BYTES)
    this.#reach(out + sizes.reduce((sum, size) => sum + size.rows * size.width, 0) * VALUE_BYTES)
    return groups.map((pieces, i) => {
      const { rows, width } = sizes[i]!
      const columnBytes = rows * VALUE_BYTES
      this.#countPiles(pieces)
      for (const piece of pieces) this.#deal(piece, records)
      this.#exports.placeRows(records, width, rows, this.#ends, this.#places, out)
      const { buffer } = this.#exports.memory
      const columns = Array.from({ length: width }, (_, c) => Buffer.from(buffer, out + c * columnBytes, columnBytes))
      out += width * columnBytes
      return columns
    })
  }

  /** Notes where each pile begins. */
  #countPiles(pieces: readonly RowColumns[]): void {
    const ends = new Uint32Array(this.#exports.memory.buffer, this.#ends, PILES).fill(0)
    for (const [ids] of pieces) for (let i = VALUE_BYTES - 1; i < ids.length; i += VALUE_BYTES) ends[ids[i]!]!++
    let sum = 0
    for (let pile = 0; pile < PILES; pile++) {
      const count = ends[pile]!
      ends[pile] = sum
      sum += count
    }
  }

  #deal(piece: RowColumns, records: number): void {
    const memory = new Uint8Array(this.#exports.memory.buffer)
    const bytes = piece[0].length
    for (let at = 0; at < bytes; at += INPUT_ROWS * VALUE_BYTES) {
      const end = Math.min(bytes, at + INPUT_ROWS * VALUE_BYTES)
      for (const [c, column] of piece.entries()) memory.set(column.subarray(at, end), this.#input + c * INPUT_STRIDE)
      this.#exports.dealRows(this.#input, INPUT_STRIDE, (end - at) / VALUE_BYTES, piece.length, this.#ends, records)
    }
  }

  #reach(end: number): void {
    const { memory } = this.#exports
    const missing = end - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
  }
}

function rowsOf(pieces: readonly RowColumns[]): number {
  return pieces.reduce((sum, [ids]) => sum + ids.length, 0) / VALUE_BYTES
}

/** To cache lines. */
function align(address: number): number {
  return Math.ceil(address / 64) * 64
}
