import { randomUUID } from 'node:crypto'
import { messageOf, systemClock, type Logger } from '@nines/kernel'
import type { BlockEntry, BlockRecord, BlockStream } from '@nines/pipeline'
import type { Block } from '@nines/wire'
import { BATCH_LIMITS, gatherBatch } from './gather-batch.ts'
import type { HeadOffice } from './head/head-office.ts'
import { backoffMs, pause } from './pause.ts'
import type { RecordInserter } from './record-inserter.ts'
import type { RollupKeeper } from './rollups/rollup-keeper.ts'
import type { RunningShards } from './rollups/running-shards.ts'
import { ShardLease } from './shard-lease.ts'
import type { StoreMeter } from './store-meter.ts'

const STANDBY_TRIES_EVERY_MS = 1000
const TRIM_EVERY_MS = 500
/** Share of the stream's or of Redis' limit from which on what is stored goes as soon as it was read: ingest refuses from 0.8. */
const NEARLY_FULL = 0.6
const ROLLUPS_EVERY_MS = 2000

/** What is done with a record's blocks beside storing them. Every step may be repeated after a crash. */
export interface RecordSteps {
  /** Before the rows are inserted. What it answers notes the same again, to be called after. */
  noteChanges(shard: number, blocks: readonly Block[]): Promise<() => Promise<void>>
  /** Blocks made from the record's own, to be appended once. `recordAt` (epoch ms) is the same at every repeat. */
  derive(blocks: readonly Block[], recordAt: number): DerivedBlocks
  /** Tells others what was stored that is news to them. */
  tell(blocks: readonly Block[]): Promise<void>
}

export interface DerivedBlocks {
  blocks: readonly Block[]
  /** To be called once they are in the stream. */
  confirm(): void
}

export interface ShardStoreParts {
  stream: BlockStream
  inserter: RecordInserter
  steps: RecordSteps
  rollups: RollupKeeper
  running: RunningShards
  meter: StoreMeter
  logger: Logger
  owner: string
  /** Holds what was stored lately in memory; without it nobody does. */
  heads?: HeadOffice
}

/**
 * Stores one shard of the block stream, or stands by while another process does. The owner first finishes the record that
 * it finds open, unchanged; then again and again it fixes the next entries as a record, inserts them, appends what is
 * derived from them, completes the record. At every step a crash leaves either no open record (nothing of it is
 * inserted) or one that the next owner repeats under the same token.
 */
export class ShardStore {
  readonly #parts: ShardStoreParts
  readonly #shard: number
  #trimmedAt = 0

  constructor(shard: number, parts: ShardStoreParts) {
    this.#shard = shard
    this.#parts = parts
  }

  /** Runs until the signal fires. Whatever fails is logged and tried again. */
  async run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      try {
        await this.#standByOrOwn(signal)
        failures = 0
      } catch (error) {
        this.#parts.logger.warn({ shard: this.#shard, error: messageOf(error) }, 'storing a shard was interrupted')
        await pause(backoffMs(failures++), signal)
      }
    }
  }

  async #standByOrOwn(stop: AbortSignal): Promise<void> {
    const { stream, owner, logger, meter } = this.#parts
    const lease = await ShardLease.acquire(stream, this.#shard, owner, logger)
    if (!lease) return pause(STANDBY_TRIES_EVERY_MS, stop)
    logger.info({ shard: this.#shard, owner }, 'this process stores the shard')
    try {
      await this.#own(AbortSignal.any([stop, lease.lost]))
    } finally {
      meter.handedOn(this.#shard)
      await this.#parts.heads?.close(this.#shard)
      await lease.release()
    }
  }

  async #own(signal: AbortSignal): Promise<void> {
    const { stream } = this.#parts
    const left = await stream.readOpenRecord(this.#shard)
    if (left) await this.#finishLeftRecord(left, signal)
    let position = await stream.storePosition(this.#shard)
    // Everything up to the position is in ClickHouse, where the head looks for it, and everything behind it comes by here.
    this.#parts.heads?.open(this.#shard, signal)
    this.#parts.running.begin(this.#shard)
    const heard = (entries: readonly BlockEntry[]) => this.#parts.heads?.take(this.#shard, entries)
    const leaving = new AbortController()
    const summing = this.#keepRollups(AbortSignal.any([signal, leaving.signal]))
    try {
      while (!signal.aborted) {
        const entries = await gatherBatch(stream, this.#shard, position, signal, BATCH_LIMITS, heard)
        if (entries.length > 0 && !signal.aborted) position = await this.#storeNew(entries, signal)
        await this.#trimNowAndThen()
      }
    } finally {
      leaving.abort()
      await summing
      this.#parts.running.end(this.#shard)
    }
  }

  /** Sums up what is stored, beside storing: a slow sum holds up no row. */
  async #keepRollups(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const hasMore = await this.#parts.rollups.turn(this.#shard, systemClock.now(), signal)
      if (!hasMore) await pause(ROLLUPS_EVERY_MS, signal)
    }
  }

  async #storeNew(entries: BlockEntry[], signal: AbortSignal): Promise<string> {
    const [first, last] = [entries[0] as BlockEntry, entries.at(-1) as BlockEntry]
    const record = { id: randomUUID(), firstId: first.id, lastId: last.id, count: entries.length }
    await this.#parts.stream.openRecord(this.#shard, this.#parts.owner, record)
    await this.#insertAndComplete(record, entries, false, signal)
    return record.lastId
  }

  async #finishLeftRecord(record: BlockRecord, signal: AbortSignal): Promise<void> {
    const { stream, logger } = this.#parts
    const entries = await stream.readRange(this.#shard, record.firstId, record.lastId)
    const about = { shard: this.#shard, record: record.id, entries: entries.length }
    if (entries.length === record.count) logger.info(about, 'finishing a record that was left open')
    else logger.error({ ...about, expected: record.count }, 'Redis has lost entries of an open record')
    await this.#insertAndComplete(record, entries, true, signal)
  }

  async #insertAndComplete(
    record: BlockRecord,
    entries: readonly BlockEntry[],
    isRepeat: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const { stream, inserter, steps, meter, owner } = this.#parts
    meter.began(this.#shard, entries)
    const noteAgain = await steps.noteChanges(
      this.#shard,
      entries.map((entry) => entry.block),
    )
    const inserted = await inserter.insert({ shard: this.#shard, record, entries, isRepeat }, signal)
    if (!inserted) return
    await noteAgain()
    await this.#followUp(record, inserted.blocks)
    await stream.completeRecord(this.#shard, owner, record.id)
    meter.stored(this.#shard, entries, inserted.summary)
    // Tens of megabytes, and the next ones come now: the collector would leave them for some batches.
    for (const entry of entries) entry.free()
  }

  async #followUp(record: BlockRecord, blocks: readonly Block[]): Promise<void> {
    const { stream, steps, running, owner } = this.#parts
    running.take(this.#shard, blocks)
    const derived = steps.derive(blocks, Number(record.lastId.split('-', 1)[0]))
    if (derived.blocks.length > 0) {
      await stream.appendDerived(this.#shard, owner, record.id, derived.blocks)
      derived.confirm()
    }
    await steps.tell(blocks)
  }

  /** Frees what is stored and older than the evaluators' tail, also while nothing new arrives. */
  async #trimNowAndThen(): Promise<void> {
    if (performance.now() - this.#trimmedAt < TRIM_EVERY_MS) return
    this.#trimmedAt = performance.now()
    const { stream } = this.#parts
    const { share } = await stream.fill()
    await stream.trim(this.#shard, share < NEARLY_FULL ? {} : { softBytes: 0 })
  }
}
