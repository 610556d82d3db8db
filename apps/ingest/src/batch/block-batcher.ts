import { NinesError, type Clock } from '@nines/kernel'
import { BlockBuilder, MemoryPool, type Block, type Retention } from '@nines/wire'

export interface BlockBatcherOptions {
  /**
   * Makes a block of these requests durable; rejects when that failed. When some of the requests were durable before, it
   * does nothing and answers their places. The block's memory is used again once it has resolved; never after a rejection,
   * when a connection may still hold what it was to send.
   */
  append: (block: Block, requests: readonly Buffer[]) => Promise<readonly number[]>
  clock: Clock
  /** Rows wait at most this long for company. */
  lingerMs: number
  /** A block is closed as soon as it has this many rows (default 50,000) or bytes (default 4 MiB). */
  maxRows?: number
  maxBytes?: number
  /** Bytes that may be on their way to the stream before more rows are refused (default 256 MiB). */
  maxPendingBytes?: number
}

/** One request of a batch, kept until its rows are durable. */
interface Part {
  /** Equal for requests of equal content; null for one that may come twice. */
  id: Buffer | null
  fill: (builder: BlockBuilder) => unknown
}

interface Batch {
  builder: BlockBuilder
  retention: Retention
  parts: Part[]
  /** Ids of the parts, as text. */
  ids: Set<string>
  timer: NodeJS.Timeout
  stored: PromiseWithResolvers<void>
}

const DEFAULTS = { maxRows: 50_000, maxBytes: 4 * 1024 * 1024, maxPendingBytes: 256 * 1024 * 1024 }

/**
 * Collects the rows of many requests into one block for each workspace, so that small requests share the cost of an
 * append. A request learns that its rows are durable from `stored`; when the append fails, every request of that block
 * learns it and no other.
 *
 * A sender that got no answer sends again, although its rows may be in. Such a request is known by its content: its rows
 * are left out, and it is answered like the first one.
 */
export class BlockBatcher {
  readonly #options: Required<BlockBatcherOptions>
  readonly #open = new Map<number, Batch>()
  readonly #flushing = new Set<Promise<void>>()
  readonly #memory = new MemoryPool()
  #pendingBytes = 0

  constructor(options: BlockBatcherOptions) {
    this.#options = { ...DEFAULTS, ...options }
  }

  /**
   * Lets `fill` add rows of one request to the workspace's open block. When it throws, none of its rows stay. `stored`
   * settles once they are in the stream, at once when it added none. A block keeps the retention that it was opened with.
   * `fill` may be run once more on another builder, until `stored` has settled.
   */
  add<T>(
    workspace: number,
    retention: Retention,
    fill: (builder: BlockBuilder) => T,
    id: Buffer | null = null,
  ): { result: T; stored: Promise<void> } {
    if (this.#pendingBytes > this.#options.maxPendingBytes)
      throw new NinesError('unavailable', 'the block stream takes blocks too slowly; retry', { retryAfterSeconds: 2 })
    const batch = this.#open.get(workspace) ?? this.#start(workspace, retention)
    const { builder } = batch
    const mark = builder.mark()
    const before = builder.rows
    let result: T
    try {
      result = fill(builder)
    } catch (error) {
      builder.rollback(mark)
      throw error
    }
    if (builder.rows === before) return { result, stored: Promise.resolve() }
    const stored = batch.stored.promise
    const name = id?.toString('latin1')
    if (name !== undefined && batch.ids.has(name)) {
      // The same request waits in this very block.
      builder.rollback(mark)
      return { result, stored }
    }
    if (name !== undefined) batch.ids.add(name)
    batch.parts.push({ id, fill })
    if (builder.rows >= this.#options.maxRows || builder.bytes >= this.#options.maxBytes) this.#flush(batch)
    return { result, stored }
  }

  /** Appends everything that waits and settles when all appends have ended, well or not. */
  async drain(): Promise<void> {
    for (const batch of this.#open.values()) this.#flush(batch)
    await Promise.allSettled(this.#flushing)
  }

  #start(workspace: number, retention: Retention): Batch {
    const batch: Batch = {
      builder: this.#build(workspace, this.#options.clock.now(), retention),
      retention,
      parts: [],
      ids: new Set(),
      timer: setTimeout(() => this.#flush(batch), this.#options.lingerMs),
      stored: Promise.withResolvers(),
    }
    // Whoever waits gets the rejection; a batch that nobody waits for must not end the process.
    batch.stored.promise.catch(() => undefined)
    this.#open.set(workspace, batch)
    return batch
  }

  #flush(batch: Batch): void {
    clearTimeout(batch.timer)
    if (this.#open.get(batch.builder.workspace) === batch) this.#open.delete(batch.builder.workspace)
    if (batch.builder.rows === 0) return batch.stored.resolve()
    const bytes = batch.builder.bytes
    this.#pendingBytes += bytes
    const flushing = this.#append(batch).finally(() => {
      this.#pendingBytes -= bytes
      this.#flushing.delete(flushing)
    })
    this.#flushing.add(flushing)
  }

  async #append(batch: Batch): Promise<void> {
    let { builder, parts } = batch
    try {
      for (;;) {
        const named = parts.filter((part) => part.id !== null)
        const ids = named.flatMap(({ id }) => id ?? [])
        const repeated = await this.#options.append(builder.finish(), ids)
        if (repeated.length === 0) break
        const known = new Set(repeated.map((place) => named[place]))
        parts = parts.filter((part) => !known.has(part))
        const former = builder
        builder = this.#rebuild(batch, parts)
        former.release()
        if (builder.rows === 0) break
      }
      builder.confirm()
      batch.stored.resolve()
      builder.release()
    } catch (error) {
      batch.stored.reject(error)
    }
  }

  #rebuild({ builder, retention }: Batch, parts: readonly Part[]): BlockBuilder {
    const rebuilt = this.#build(builder.workspace, builder.receivedAt, retention)
    for (const { fill } of parts) fill(rebuilt)
    return rebuilt
  }

  #build(workspace: number, receivedAt: number, retention: Retention): BlockBuilder {
    return new BlockBuilder(workspace, receivedAt, { retention, memory: this.#memory })
  }
}
