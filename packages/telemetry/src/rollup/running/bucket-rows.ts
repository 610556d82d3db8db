const CHUNK_ROWS = 16_384

/** Closed buckets of five minutes, column by column; series ids in halves, times in epoch ms. */
export interface BucketChunk {
  rows: number
  workspace: Uint32Array
  retention: Uint16Array
  series: Uint32Array
  at: Float64Array
  last: Float64Array
  lastAt: Float64Array
  min: Float64Array
  max: Float64Array
  sum: Float64Array
  count: Uint32Array
  increase: Float64Array
}

/** Rows for rollup_5m that wait to be inserted. */
export class BucketRows {
  readonly #chunks: BucketChunk[] = []
  #count = 0

  get count(): number {
    return this.#count
  }

  /** The chunk that the next row goes to; whoever fills one adds to its `rows`, and one here. */
  next(): BucketChunk {
    this.#count++
    const last = this.#chunks.at(-1)
    if (last && last.rows < CHUNK_ROWS) return last
    const made = emptyChunk()
    this.#chunks.push(made)
    return made
  }

  take(): BucketChunk[] {
    this.#count = 0
    return this.#chunks.splice(0)
  }

  giveBack(chunks: readonly BucketChunk[]): void {
    this.#chunks.unshift(...chunks)
    for (const { rows } of chunks) this.#count += rows
  }
}

function emptyChunk(): BucketChunk {
  return {
    rows: 0,
    workspace: new Uint32Array(CHUNK_ROWS),
    retention: new Uint16Array(CHUNK_ROWS),
    series: new Uint32Array(2 * CHUNK_ROWS),
    at: new Float64Array(CHUNK_ROWS),
    last: new Float64Array(CHUNK_ROWS),
    lastAt: new Float64Array(CHUNK_ROWS),
    min: new Float64Array(CHUNK_ROWS),
    max: new Float64Array(CHUNK_ROWS),
    sum: new Float64Array(CHUNK_ROWS),
    count: new Uint32Array(CHUNK_ROWS),
    increase: new Float64Array(CHUNK_ROWS),
  }
}
