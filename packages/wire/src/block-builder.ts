import type { CheckRun } from '@nines/contracts'
import type { Block, HistogramRow } from './block.ts'
import type { CachedSeries } from './series-cache.ts'

/** A place in a builder to go back to. */
export interface BuilderMark {
  samples: number
  histograms: number
  checkRuns: number
  definitions: number
  bytes: number
}

export interface BlockBuilderOptions {
  /** A definition is put into the block when it was last announced longer ago than this (default 10 minutes). */
  announceEveryMs?: number
}

const ANNOUNCE_EVERY_MS = 10 * 60_000
const FIRST_CAPACITY = 256

/** Collects rows of one workspace into columns until they are taken as a block. */
export class BlockBuilder {
  readonly workspace: number
  /** When the first row came, epoch ms. */
  readonly receivedAt: number
  readonly #announceEveryMs: number
  #count = 0
  #series = new BigUint64Array(FIRST_CAPACITY)
  #at = new Float64Array(FIRST_CAPACITY)
  #start = new Float64Array(FIRST_CAPACITY)
  #value = new Float64Array(FIRST_CAPACITY)
  #histograms: HistogramRow[] = []
  #checkRuns: CheckRun[] = []
  readonly #definitions = new Set<CachedSeries>()
  #bytes = 0

  constructor(workspace: number, receivedAt: number, options: BlockBuilderOptions = {}) {
    this.workspace = workspace
    this.receivedAt = receivedAt
    this.#announceEveryMs = options.announceEveryMs ?? ANNOUNCE_EVERY_MS
  }

  /** Rows collected, definitions not counted. */
  get rows(): number {
    return this.#count + this.#histograms.length + this.#checkRuns.length
  }

  /** About the size of the encoded block. */
  get bytes(): number {
    return this.#bytes
  }

  addSample(series: CachedSeries, at: number, start: number, value: number): void {
    if (this.#count === this.#series.length) this.#grow()
    const i = this.#count++
    this.#series[i] = series.id
    this.#at[i] = at
    this.#start[i] = start
    this.#value[i] = value
    this.#bytes += 32
    this.#announce(series)
  }

  addHistogram(series: CachedSeries, row: Omit<HistogramRow, 'series'>): void {
    this.#histograms.push({ series: series.id, ...row })
    this.#bytes += 60 + 16 * row.bucketCounts.length
    this.#announce(series)
  }

  addCheckRun(run: CheckRun): void {
    this.#checkRuns.push(run)
    this.#bytes += 400 + run.error.length
  }

  mark(): BuilderMark {
    return {
      samples: this.#count,
      histograms: this.#histograms.length,
      checkRuns: this.#checkRuns.length,
      definitions: this.#definitions.size,
      bytes: this.#bytes,
    }
  }

  /** Takes back everything that was added since the mark. */
  rollback(mark: BuilderMark): void {
    this.#count = mark.samples
    this.#histograms.length = mark.histograms
    this.#checkRuns.length = mark.checkRuns
    this.#bytes = mark.bytes
    for (const series of [...this.#definitions].slice(mark.definitions)) this.#definitions.delete(series)
  }

  /** The block of everything collected. The builder is not to be used for more rows afterwards. */
  finish(): Block {
    const n = this.#count
    return {
      workspace: this.workspace,
      receivedAt: this.receivedAt,
      series: [...this.#definitions].map((series) => series.definition),
      samples: {
        series: this.#series.subarray(0, n),
        at: this.#at.subarray(0, n),
        start: this.#start.subarray(0, n),
        value: this.#value.subarray(0, n),
      },
      histograms: this.#histograms,
      checkRuns: this.#checkRuns,
      slices: [],
    }
  }

  /**
   * To be called once the block is in the stream: only then do its definitions count as announced. Until then every
   * block with such a series carries the definition, so that losing one block never leaves rows without a name.
   */
  confirm(): void {
    for (const series of this.#definitions) series.announcedAt = Math.max(series.announcedAt, this.receivedAt)
  }

  #announce(series: CachedSeries): void {
    if (this.receivedAt - series.announcedAt < this.#announceEveryMs || this.#definitions.has(series)) return
    this.#definitions.add(series)
    this.#bytes += 2 * series.identity.length
  }

  #grow(): void {
    const capacity = this.#series.length * 2
    const grown = new BigUint64Array(capacity)
    grown.set(this.#series)
    this.#series = grown
    const larger = (column: Float64Array) => {
      const made = new Float64Array(capacity)
      made.set(column)
      return made
    }
    this.#at = larger(this.#at)
    this.#start = larger(this.#start)
    this.#value = larger(this.#value)
  }
}
