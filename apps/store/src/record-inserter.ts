import { messageOf, type Logger } from '@nines/kernel'
import type { BlockEntry, BlockRecord, BlockStream, DeadLetters } from '@nines/pipeline'
import { insertBlocks, isDataError, rehearseBlock, type InsertSummary, type Telemetry } from '@nines/telemetry'
import { encodeBlock, type Block } from '@nines/wire'
import { backoffMs, pause } from './pause.ts'
import type { StoreMeter } from './store-meter.ts'

/** So many times rows are refused for what they are before a block is set aside. */
const REFUSALS_BEFORE_EXCLUSION = 3

export interface InserterParts {
  stream: BlockStream
  telemetry: Telemetry
  deadLetters: DeadLetters
  meter: StoreMeter
  logger: Logger
  owner: string
}

/** A record that is open, with the entries of its range. */
export interface OpenRecord {
  shard: number
  record: BlockRecord
  entries: readonly BlockEntry[]
  /** It may have been inserted before, in whole or in part. */
  isRepeat: boolean
}

/** What of a record is stored: every block but those that were set aside. */
export interface InsertedRecord {
  blocks: readonly Block[]
  summary: InsertSummary
}

/**
 * Brings an open record into ClickHouse, for as long as it takes: an outage of ClickHouse is waited out, a record is
 * never skipped for it. Blocks that cannot be decoded or that ClickHouse refuses for their rows go to the dead letters;
 * the record names them as excluded before the rest goes on, so that every later repeat leaves out the same blocks.
 *
 * Resolves without a summary when the signal fires first; the record then stays open for whoever holds the shard next.
 */
export class RecordInserter {
  readonly #parts: InserterParts

  constructor(parts: InserterParts) {
    this.#parts = parts
  }

  async insert(open: OpenRecord, signal: AbortSignal): Promise<InsertedRecord | null> {
    const excluded = new Set(open.record.excluded)
    await this.#exclude(open, excluded, faultsOf(open.entries, excluded))
    let { isRepeat } = open
    let refusals = 0
    for (let attempt = 0; !signal.aborted; attempt++) {
      const entries = open.entries.filter((entry) => !excluded.has(entry.id))
      try {
        const blocks = entries.map((entry) => entry.block)
        return { blocks, summary: await insertBlocks(this.#parts.telemetry, blocks, open.record.id, { isRepeat }) }
      } catch (error) {
        isRepeat = true
        refusals = isDataError(error) ? refusals + 1 : 0
        this.#report(open, attempt, error)
      }
      if (refusals >= REFUSALS_BEFORE_EXCLUSION && (await this.#setPoisonAside(open, excluded, entries, signal))) {
        refusals = 0
        continue
      }
      await pause(backoffMs(attempt), signal)
    }
    return null
  }

  #report({ shard, record }: OpenRecord, attempt: number, error: unknown): void {
    this.#parts.meter.failed(isDataError(error) ? 'refused' : 'unavailable')
    this.#parts.logger.warn(
      { shard, record: record.id, attempt, error: messageOf(error) },
      'ClickHouse did not take the record; it is repeated',
    )
  }

  /** Finds the blocks whose rows are to blame and excludes them; false when ClickHouse went away meanwhile. */
  async #setPoisonAside(
    open: OpenRecord,
    excluded: Set<string>,
    entries: readonly BlockEntry[],
    signal: AbortSignal,
  ): Promise<boolean> {
    const poison: Poison[] = []
    try {
      for (const { id, block } of entries) {
        if (signal.aborted) return false
        const error = await rehearseBlock(this.#parts.telemetry, block)
        if (error) poison.push({ entryId: id, reason: messageOf(error), bytes: bytesOf(block) })
      }
    } catch (error) {
      this.#report(open, 0, error)
      return false
    }
    // Each is fine by itself and together they are not: nothing points at one of them, and the others must go on.
    const reason = 'ClickHouse refuses the record that holds this block, though not the block alone'
    const guilty = poison.length > 0 ? poison : entries.map((e) => ({ entryId: e.id, reason, bytes: bytesOf(e.block) }))
    await this.#exclude(open, excluded, guilty)
    return true
  }

  /** First the letter, then the record, then the insert: a crash in between repeats a letter and loses nothing. */
  async #exclude({ shard, record }: OpenRecord, excluded: Set<string>, poison: readonly Poison[]): Promise<void> {
    if (poison.length === 0) return
    for (const { entryId, reason, bytes } of poison) {
      const { deadLetters, logger } = this.#parts
      logger.error({ shard, entryId, reason, size: bytes.length }, 'a block cannot be stored and becomes a dead letter')
      await deadLetters.add({ shard, entryId, reason, bytes })
      this.#parts.meter.deadLetter()
    }
    const ids = poison.map(({ entryId }) => entryId)
    await this.#parts.stream.excludeFromRecord(shard, this.#parts.owner, record.id, ids)
    for (const id of ids) excluded.add(id)
  }
}

interface Poison {
  entryId: string
  reason: string
  bytes: Buffer
}

function faultsOf(entries: readonly BlockEntry[], excluded: ReadonlySet<string>): Poison[] {
  return entries.flatMap(({ id, fault }) =>
    fault && !excluded.has(id) ? [{ entryId: id, reason: fault.reason, bytes: fault.bytes }] : [],
  )
}

function bytesOf(block: Block): Buffer {
  return encodeBlock(block)
}
