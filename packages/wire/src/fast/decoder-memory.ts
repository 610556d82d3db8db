import { randomBytes } from 'node:crypto'
import {
  DIGEST_BYTES,
  ENTRY_BYTES,
  KEY_BYTES,
  MARGIN_BYTES,
  MISS_BYTES,
  SLOT_BYTES,
  type DecoderExports,
} from './decoder-exports.ts'

const PAGE_BYTES = 65_536
/**
 * Bytes of body for each row, miss and symbol that there is room for. A row takes at least 9 (its time) in remote write
 * and 20 in OTLP; misses and symbols that are smaller are no telemetry, and such a body is left to TypeScript.
 */
const BODY_BYTES_PER_ROW = 9
const BODY_BYTES_PER_MISS = 16
const BODY_BYTES_PER_SYMBOL = 4
const FEW = 64

/**
 * The linear memory of one instance: the table of known series, of fixed extent, and behind it the regions of the request
 * being decoded, side by side and as large as that request needs. Memory grows and never shrinks: about 10 times the
 * largest body in addresses, of which only what was used is resident.
 */
export class DecoderMemory {
  readonly #exports: DecoderExports
  /** Where requests begin. */
  readonly #base: number
  /** Where the uncompressed body lies. */
  body = 0
  /** Where the columns lie, and rows that each has room for. */
  columns = 0
  capacity = 0
  misses = 0

  /** Puts random words under the hash and opens an empty table for `limit` series. */
  constructor(exports: DecoderExports, limit: number) {
    this.#exports = exports
    const entries = align(exports.freeFrom() + MARGIN_BYTES)
    const index = align(entries + limit * ENTRY_BYTES)
    const slots = Math.max(1_024, 2 ** Math.ceil(Math.log2(limit * 2)))
    this.#base = align(index + slots * SLOT_BYTES + MARGIN_BYTES)
    this.#reach(this.#base)
    this.bytes(exports.keyPointer(), KEY_BYTES).set(randomBytes(KEY_BYTES))
    exports.openTable(entries, index, limit)
  }

  /** Makes room for a compressed body and what it holds, and copies it in. Throws RangeError when memory ends. */
  placeCompressed(compressed: Uint8Array, size: number): number {
    const input = this.#base
    this.body = align(input + compressed.length + MARGIN_BYTES)
    this.#reach(this.body + size + MARGIN_BYTES)
    this.bytes(input, compressed.length).set(compressed)
    return input
  }

  /** The same for a body that is not compressed. */
  placeBody(body: Uint8Array): void {
    this.body = this.#base
    this.#reach(this.body + body.length + MARGIN_BYTES)
    this.bytes(this.body, body.length).set(body)
  }

  /** Sets out the regions of results behind a body of `size` bytes. Rows outside minAt..maxAt (epoch ms) are refused. */
  openResults(size: number, minAt: number, maxAt: number): void {
    this.capacity = FEW + Math.floor(size / BODY_BYTES_PER_ROW)
    const missCapacity = FEW + Math.floor(size / BODY_BYTES_PER_MISS)
    const symbolCapacity = FEW + Math.floor(size / BODY_BYTES_PER_SYMBOL)
    this.columns = align(this.body + size + MARGIN_BYTES)
    this.misses = align(this.columns + this.capacity * 32)
    const digests = align(this.misses + missCapacity * MISS_BYTES)
    this.#reach(digests + symbolCapacity * DIGEST_BYTES + MARGIN_BYTES)
    this.#exports.openBody(this.body, size)
    this.#exports.openRows(this.columns, this.capacity, this.misses, missCapacity, minAt, maxAt)
    this.#exports.openSymbols(digests, symbolCapacity)
  }

  bytes(at: number, length: number): Buffer {
    return Buffer.from(this.#exports.memory.buffer, at, length)
  }

  get buffer(): ArrayBuffer {
    return this.#exports.memory.buffer
  }

  #reach(end: number): void {
    const { memory } = this.#exports
    const missing = end - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
  }
}

/** To cache lines. */
function align(address: number): number {
  return Math.ceil(address / 64) * 64
}
