import { messageOf, type Logger } from '@nines/kernel'
import type { BucketBook, BucketKind, MarkedBucket } from '@nines/pipeline'
import { FIVE_MINUTES_MS, HOUR_MS, MINUTE_MS } from './bucket-marks.ts'
import { dueRanges, type DueRules, type Range } from './due-ranges.ts'
import { WaitingBuckets } from './waiting-buckets.ts'

/** Computes sums anew from stored rows, for the workspaces of one shard, in (from, to]. Repeats are harmless. */
export interface Summing {
  /** Done before each look at what is due. */
  prepare(shard: number, signal: AbortSignal): Promise<void>
  /** Starts of the buckets that changed. */
  fiveMinutes(shard: number, range: { from: number; to: number }): Promise<readonly number[] | 'all'>
  hours(shard: number, range: { from: number; to: number }): Promise<void>
  edges(shard: number, range: { from: number; to: number }): Promise<void>
  /** Starts of all buckets of five minutes that hold samples of the shard's workspaces. */
  storedBuckets(shard: number): Promise<number[]>
}

const RULES: Record<BucketKind, DueRules> = {
  fiveMinutes: {
    widthMs: FIVE_MINUTES_MS,
    graceMs: 30_000,
    quietMs: 10_000,
    old: { afterMs: 10 * MINUTE_MS, quietMs: 3_000 },
    patienceMs: MINUTE_MS,
    maxRangeMs: HOUR_MS,
  },
  hours: {
    widthMs: HOUR_MS,
    graceMs: 60_000,
    quietMs: 0,
    old: { afterMs: 0, quietMs: 0 },
    patienceMs: 0,
    maxRangeMs: 24 * HOUR_MS,
  },
  edges: {
    widthMs: MINUTE_MS,
    graceMs: 30_000,
    quietMs: 5_000,
    old: { afterMs: 5 * MINUTE_MS, quietMs: 3_000 },
    patienceMs: MINUTE_MS,
    maxRangeMs: 10 * MINUTE_MS,
  },
}

/** Statements of one kind before the others get their turn. */
const RANGES_PER_TURN = 6

/** Keeps the rollups of one shard in step with its samples and spans, as the book says what has changed. */
export class RollupKeeper {
  readonly #book: BucketBook
  readonly #summing: Summing
  readonly #logger: Logger
  readonly #waits = new Map<string, WaitingBuckets>()

  constructor(parts: { book: BucketBook; summing: Summing; logger: Logger }) {
    this.#book = parts.book
    this.#summing = parts.summing
    this.#logger = parts.logger
  }

  /**
   * One look at what is due, and some of it of each kind: a month of history holds up no minute of the service graph. True
   * when there is more. What fails stays marked and is tried at the next look.
   */
  async turn(shard: number, now: number, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#beginBook(shard)
      await this.#summing.prepare(shard, signal)
      const edges = await this.#sum(shard, 'edges', now, signal)
      const fiveMinutes = await this.#sum(shard, 'fiveMinutes', now, signal)
      const hours = await this.#sum(shard, 'hours', now, signal)
      return edges || fiveMinutes || hours
    } catch (error) {
      this.#logger.warn({ shard, error: messageOf(error) }, 'rollups could not be computed and will be tried again')
      return false
    }
  }

  /** A book that is new, or was lost with Redis, knows nothing of what is stored: all of it counts as changed. */
  async #beginBook(shard: number): Promise<void> {
    if (await this.#book.isBegun(shard)) return
    const starts = await this.#summing.storedBuckets(shard)
    await this.#book.mark(shard, 'fiveMinutes', starts)
    await this.#book.begin(shard)
    if (starts.length > 0)
      this.#logger.info({ shard, buckets: starts.length }, 'rollups of all samples are computed anew')
  }

  /** True when more is due than was computed. */
  async #sum(shard: number, kind: BucketKind, now: number, signal: AbortSignal): Promise<boolean> {
    const marked = await this.#book.marked(shard, kind)
    const ready = kind === 'hours' ? await this.#withoutOpenBuckets(shard, marked) : marked
    const due = dueRanges(this.#waiting(shard, kind).look(ready, now), now, RULES[kind])
    for (const range of due.slice(0, RANGES_PER_TURN)) {
      if (signal.aborted) return false
      if (kind === 'fiveMinutes') await this.#sumFiveMinutes(shard, range)
      else await this.#summing[kind](shard, range)
      await this.#book.settle(shard, kind, range.buckets)
    }
    return due.length > RANGES_PER_TURN
  }

  async #sumFiveMinutes(shard: number, range: Range): Promise<void> {
    const changed = await this.#summing.fiveMinutes(shard, range)
    const starts = changed === 'all' ? range.buckets.map(({ start }) => start) : changed
    const hours = [...new Set(starts.map(hourOf))]
    if (hours.length > 0) await this.#book.mark(shard, 'hours', hours)
  }

  #waiting(shard: number, kind: BucketKind): WaitingBuckets {
    const key = `${shard}:${kind}`
    const known = this.#waits.get(key) ?? new WaitingBuckets()
    this.#waits.set(key, known)
    return known
  }

  /** An hour is made of its twelve buckets: it waits until none of them is to be computed. */
  async #withoutOpenBuckets(shard: number, hours: MarkedBucket[]): Promise<MarkedBucket[]> {
    const open = new Set((await this.#book.marked(shard, 'fiveMinutes')).map(({ start }) => hourOf(start)))
    return hours.filter(({ start }) => !open.has(start))
  }
}

function hourOf(start: number): number {
  return Math.floor(start / HOUR_MS) * HOUR_MS
}
