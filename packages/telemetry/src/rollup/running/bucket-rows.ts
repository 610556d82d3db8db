const CHUNK_ROWS = 16_384

/** Closed buckets of five minutes, column by column; series ids in halves, times in epoch ms. */
export interface BucketChunk {
  rows: number
  workspace: Uint32Array<ArrayBuffer>
  retention: Uint16Array
  series: Uint32Array<ArrayBuffer>
  at: Float64Array<ArrayBuffer>
  last: Float64Array<ArrayBuffer>
  lastAt: Float64Array<ArrayBuffer>
  min: Float64Array<ArrayBuffer>
  max: Float64Array<ArrayBuffer>
  sum: Float64Array<ArrayBuffer>
  count: Uint32Array<ArrayBuffer>
  increase: Float64Array<ArrayBuffer>
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
    const made = emptyChunk(CHUNK_ROWS)
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

/** One chunk with the rows of all. */
export function joinChunks(chunks: readonly BucketChunk[]): BucketChunk {
  const all = emptyChunk(chunks.reduce((sum, { rows }) => sum + rows, 0))
  for (const chunk of chunks) {
    const { rows } = chunk
    all.series.set(chunk.series.subarray(0, 2 * rows), 2 * all.rows)
    for (const name of COLUMNS) all[name].set(chunk[name].subarray(0, rows), all.rows)
    all.rows += rows
  }
  return all
}

const COLUMNS = ['workspace', 'retention', 'at', 'last', 'lastAt', 'min', 'max', 'sum', 'count', 'increase'] as const

function emptyChunk(rows: number): BucketChunk {
  return {
    rows: 0,
    workspace: new Uint32Array(rows),
    retention: new Uint16Array(rows),
    series: new Uint32Array(2 * rows),
    at: new Float64Array(rows),
    last: new Float64Array(rows),
    lastAt: new Float64Array(rows),
    min: new Float64Array(rows),
    max: new Float64Array(rows),
    sum: new Float64Array(rows),
    count: new Uint32Array(rows),
    increase: new Float64Array(rows),
  }
}
