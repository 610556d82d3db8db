/**
 * What `assembly/decoder.ts` exports. Pointers, sizes and counts are u32; as WebAssembly hands them over as signed,
 * readers of results above 2^31 would need `>>> 0`, which no region here reaches.
 */
export interface DecoderExports {
  memory: WebAssembly.Memory
  /** The first address that the module itself does not use. */
  freeFrom(): number
  /** Where KEY_BYTES secret random bytes have to be put before the first call. */
  keyPointer(): number

  /** Where the hash of a content lies, 16 bytes, once all of it was absorbed. */
  contentPointer(): number
  openContent(): void
  /** All pieces but the last are of a multiple of 1 KiB. */
  absorbContent(at: number, length: number): void

  openTable(entries: number, index: number, limit: number): void
  tableCount(): number
  setMinute(minute: number): void
  /** 0 when the table is at its limit. */
  learn(low: bigint, high: bigint, series: bigint, expires: number): number
  evict(): void

  openRows(columns: number, capacity: number, misses: number, missCapacity: number, minAt: number, maxAt: number): void
  openBody(body: number, length: number): void
  openSymbols(digests: number, capacity: number): void
  /** The size, or a negative number when the input is corrupt. */
  snappyDecompress(input: number, length: number, into: number, size: number): number
  remoteWrite1(low: bigint, high: bigint): number
  remoteWrite2(low: bigint, high: bigint): number
  otlpMetrics(low: bigint, high: bigint): number

  /** Column c of the input lies at `input + c * stride`. */
  dealRows(input: number, stride: number, rows: number, width: number, ends: number, records: number): void
  placeRows(records: number, width: number, rows: number, ends: number, places: number, out: number): void

  rowCount(): number
  missCount(): number
  oldestAt(): number
  newestAt(): number
  hasStarts(): number
}

/** What remoteWrite1, remoteWrite2 and otlpMetrics return when the body has been read. */
export const DONE = 0

export const KEY_BYTES = 1040
/** Bytes of an entry and of an index slot of the table of known series. */
export const ENTRY_BYTES = 32
export const SLOT_BYTES = 4
/** An index slot has 22 bits for the number of an entry. */
export const MAX_ENTRIES = 2 ** 22 - 2
/** Bytes behind each region that the module may read or overwrite. */
export const MARGIN_BYTES = 128
/** Bytes of a miss and of a symbol's digest. */
export const MISS_BYTES = 52
export const DIGEST_BYTES = 16
