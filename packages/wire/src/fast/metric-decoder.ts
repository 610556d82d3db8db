import { snappyDecompress, snappySize } from '../snappy-decompress.ts'
import { DONE, MAX_ENTRIES, type DecoderExports } from './decoder-exports.ts'
import { DecoderMemory } from './decoder-memory.ts'
import { MISS_WORDS, type SeriesKey } from './miss.ts'
import { WorkspaceSecrets, type WireFormat } from './workspace-secrets.ts'

export interface MetricDecoderOptions {
  /** Series to know at once (default 2,000,000, at most 4,194,302): 40 bytes each, once used. */
  seriesLimit?: number
  /** A series becomes a miss this long after its announcement, give or take a quarter (default 60). */
  announceEveryMinutes?: number
  /** Points that are older (default 400 days) or further ahead (default 10 minutes) are left to TypeScript. */
  maxAgeMs?: number
  maxAheadMs?: number
}

/**
 * What the fast path has read of a body. The arrays are views on the decoder's memory, valid until its next call. Row i
 * is `series[i]`, `at[i]`, `start[i]`, `value[i]`; times are epoch ms.
 */
export interface FastRows {
  /** Rows, the length of each column. */
  count: number
  series: BigUint64Array
  at: BigInt64Array
  /** Start of a cumulative series or a delta interval, 0 where unknown; null when all are 0. */
  start: BigInt64Array | null
  /** All 64 bits are as they came, NaNs included. */
  value: Float64Array
  /** Oldest and newest time of the rows; 0 without rows. */
  minAt: number
  maxAt: number
  /** What remains to be read by TypeScript: `missCount` records for `readMiss`. */
  misses: Uint32Array
  missCount: number
}

const SERIES_LIMIT = 2_000_000
const MIN_SERIES_LIMIT = 16
const ANNOUNCE_EVERY_MINUTES = 60
const MAX_AGE_MS = 400 * 86_400_000
const MAX_AHEAD_MS = 10 * 60_000
/** Larger bodies do not fit into the addresses of one memory together with what comes of them. */
const MAX_BODY_BYTES = 128 * 1_048_576
const EMPTY = Buffer.alloc(0)

/**
 * Reads number points of known series, which is nearly all that a running ingest sees, in WebAssembly; it knows series
 * by a keyed hash of the bytes that they came in and keeps no definitions. Everything else is a miss, or, where a method
 * returns null, the whole body: the TypeScript decoders read that from the same bytes and decide what is right.
 *
 * Rows may be used once all misses have been read without an error. One call at a time; not for several threads.
 */
export class MetricDecoder {
  readonly #module: WebAssembly.Module
  readonly #seriesLimit: number
  readonly #announceEveryMinutes: number
  readonly #maxAgeMs: number
  readonly #maxAheadMs: number
  readonly #secrets = new WorkspaceSecrets()
  #exports!: DecoderExports
  #memory!: DecoderMemory
  #raw: Buffer = EMPTY

  /** `module` comes from `loadDecoder`. */
  constructor(module: WebAssembly.Module, options: MetricDecoderOptions = {}) {
    this.#module = module
    this.#seriesLimit = options.seriesLimit ?? SERIES_LIMIT
    if (!(this.#seriesLimit >= MIN_SERIES_LIMIT && this.#seriesLimit <= MAX_ENTRIES))
      throw new RangeError(`seriesLimit must be from ${MIN_SERIES_LIMIT} to ${MAX_ENTRIES}`)
    this.#announceEveryMinutes = options.announceEveryMinutes ?? ANNOUNCE_EVERY_MINUTES
    this.#maxAgeMs = options.maxAgeMs ?? MAX_AGE_MS
    this.#maxAheadMs = options.maxAheadMs ?? MAX_AHEAD_MS
    this.#instantiate()
  }

  /** Series known, of all workspaces. */
  get known(): number {
    return this.#exports.tableCount()
  }

  /** The body of the last call, uncompressed, for whoever reads its misses. Valid until the next call. */
  rawBytes(): Buffer {
    return this.#raw
  }

  /** Reads an ExportMetricsServiceRequest in protobuf. Null: TypeScript reads the whole body. */
  otlp(body: Buffer, workspace: number, nowMs: number): FastRows | null {
    this.#raw = body
    if (body.length > MAX_BODY_BYTES) return null
    return this.#guarded(() => {
      this.#memory.placeBody(body)
      return this.#read('otlp', body.length, workspace, nowMs)
    })
  }

  /**
   * Reads a prometheus.WriteRequest compressed by snappy. Null: TypeScript reads the whole of `rawBytes`. Throws
   * NinesError 'too_large' when it has more than `maxBytes` uncompressed and 'bad_request' when its compression is corrupt.
   */
  remoteWrite1(body: Buffer, workspace: number, nowMs: number, maxBytes: number): FastRows | null {
    return this.#remoteWrite('remote write 1', body, workspace, nowMs, maxBytes)
  }

  /** The same for an io.prometheus.write.v2.Request. */
  remoteWrite2(body: Buffer, workspace: number, nowMs: number, maxBytes: number): FastRows | null {
    return this.#remoteWrite('remote write 2', body, workspace, nowMs, maxBytes)
  }

  /** Like `snappyDecompress`, and faster. The result is a view, valid until the next call. */
  decompress(body: Uint8Array, maxBytes: number): Buffer {
    const size = this.#decompress(body, maxBytes)
    this.#raw = size === null ? snappyDecompress(body, maxBytes) : this.#memory.bytes(this.#memory.body, size)
    return this.#raw
  }

  /**
   * Lets the series of a miss be read fast from now on. To be called once its definition is on its way to the store:
   * no one will be asked for it again until its announcement is due.
   */
  learn(key: SeriesKey, seriesId: bigint, announcedAtMinutes: number): void {
    // Spread by the key, so that series that appeared together are not announced together ever after.
    const share = 0.75 + Number(key.high & 0xffffn) / 131_072
    const expires = Math.floor(announcedAtMinutes + this.#announceEveryMinutes * share)
    const { low, high } = key
    if (this.#exports.learn(low, high, seriesId, expires) !== 0) return
    this.#exports.evict()
    this.#exports.learn(low, high, seriesId, expires)
  }

  /** Makes all series of a workspace unknown. */
  forget(workspace: number): void {
    this.#secrets.forget(workspace)
  }

  #remoteWrite(format: WireFormat, body: Buffer, workspace: number, nowMs: number, maxBytes: number): FastRows | null {
    const size = this.#decompress(body, maxBytes)
    const memory = this.#memory
    const rows = size === null ? null : this.#guarded(() => this.#read(format, size, workspace, nowMs))
    // A view made only now: memory may have grown, and after a trap it is another one.
    const isThere = size !== null && memory === this.#memory
    this.#raw = isThere ? memory.bytes(memory.body, size) : snappyDecompress(body, maxBytes)
    return rows
  }

  #decompress(body: Uint8Array, maxBytes: number): number | null {
    this.#raw = EMPTY
    const { size, start } = snappySize(body, maxBytes)
    if (size > MAX_BODY_BYTES || body.length > MAX_BODY_BYTES) return null
    return this.#guarded(() => {
      const input = this.#memory.placeCompressed(body, size)
      const { body: into } = this.#memory
      const got = this.#exports.snappyDecompress(input + start, body.length - start, into, size)
      return got === size ? size : null
    })
  }

  #read(format: WireFormat, size: number, workspace: number, nowMs: number): FastRows | null {
    const memory = this.#memory
    const exports = this.#exports
    memory.openResults(size, nowMs - this.#maxAgeMs, nowMs + this.#maxAheadMs)
    exports.setMinute(Math.floor(nowMs / 60_000))
    const [low, high] = this.#secrets.of(workspace, format)
    const result =
      format === 'otlp'
        ? exports.otlpMetrics(low, high)
        : format === 'remote write 1'
          ? exports.remoteWrite1(low, high)
          : exports.remoteWrite2(low, high)
    return result === DONE ? this.#rows() : null
  }

  #rows(): FastRows {
    const exports = this.#exports
    const { buffer, columns, capacity, misses } = this.#memory
    const count = exports.rowCount()
    const missCount = exports.missCount()
    const column = (i: number) => columns + i * capacity * 8
    return {
      count,
      series: new BigUint64Array(buffer, column(0), count),
      at: new BigInt64Array(buffer, column(1), count),
      start: exports.hasStarts() ? new BigInt64Array(buffer, column(2), count) : null,
      value: new Float64Array(buffer, column(3), count),
      minAt: count === 0 ? 0 : exports.oldestAt(),
      maxAt: count === 0 ? 0 : exports.newestAt(),
      misses: new Uint32Array(buffer, misses, missCount * MISS_WORDS),
      missCount,
    }
  }

  /** Null when there is no memory for it, or when the module trapped, which no input should bring about. */
  #guarded<T>(action: () => T): T | null {
    try {
      return action()
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) this.#instantiate()
      else if (!(error instanceof RangeError)) throw error
      return null
    }
  }

  /** A fresh instance that knows no series. */
  #instantiate(): void {
    this.#exports = new WebAssembly.Instance(this.#module).exports as unknown as DecoderExports
    this.#memory = new DecoderMemory(this.#exports, this.#seriesLimit)
  }
}
