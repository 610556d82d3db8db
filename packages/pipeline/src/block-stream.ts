import { NinesError } from '@nines/kernel'
import { encodeBlock, encodeBlockParts, type Block } from '@nines/wire'
import { appendBlock } from './append-block.ts'
import { askRedis, connectBlockStream, type BlockStreamRedis } from './block-stream-connection.ts'
import { readStreamFill, type StreamFill } from './block-stream-fill.ts'
import { shardKeys, type ShardKeys } from './block-stream-keys.ts'
import { createBlockLedger, type BlockLedger, type BlockRecord, type TrimLimits } from './block-stream-ledger.ts'
import { readBlockRange, readBlocks, type BlockEntry, type ReadOptions } from './block-stream-reader.ts'
import { ReplyChunks } from './reply-chunks.ts'

export interface BlockStreamOptions {
  redisUrl: string
  /** Prefix of every Redis key of this installation. */
  prefix: string
  /** Streams the blocks are spread over by workspace (default 1). The same number in every app. */
  shards?: number
  /** Blocks are refused while a shard holds more than this; default NINES_STREAM_MAX_BYTES's default, 512 MiB. */
  maxBytes?: number
  onError?: (error: Error) => void
}

/**
 * The stream of blocks between ingest, store and evaluate. Every method rejects with NinesError 'unavailable' while
 * Redis is away; a refused change of the store's book is NinesError 'conflict'. Ids are `<ms>-<sequence>`.
 */
export interface BlockStream {
  readonly shards: number
  /**
   * Appends a block and answers its id once Redis has it. 'unavailable' also when the shard's memory is used up. It is sent from
   * the memory that it lies in, which has to stay as it is until the answer, and after a failure for good.
   */
  append(block: Block): Promise<string>
  /**
   * Appends a block made of these requests, by ids of their content. When rows of some are in the stream already, nothing
   * is appended and the places of those in `requests` are answered; otherwise none are.
   */
  appendRequests(block: Block, requests: readonly Buffer[]): Promise<readonly number[]>
  /** Entries behind `afterId` ('0-0' for all), waiting up to `blockMs` for the first. */
  read(shard: number, afterId: string, options?: ReadOptions): Promise<BlockEntry[]>
  /** Every entry from `firstId` to `lastId`, both included, that is still there. */
  readRange(shard: number, firstId: string, lastId: string): Promise<BlockEntry[]>
  /** Id of the oldest entry; null when the stream is empty. */
  firstId(shard: number): Promise<string | null>
  /** Id of the newest entry; null when the stream is empty. */
  lastId(shard: number): Promise<string | null>
  /** Highest id removed by trimming, '0-0' when none was. A reader whose place is lower has lost entries. */
  maxDeletedId(shard: number): Promise<string>
  /** Bytes of all blocks of a shard. */
  heldBytes(shard: number): Promise<number>
  /** How near the fullest shard, or Redis itself, is to refusing blocks. */
  fill(): Promise<StreamFill>
  /** True when the lease is free or already the owner's; then it is the owner's for `ttlMs`. */
  acquireLease(shard: number, owner: string, ttlMs: number): Promise<boolean>
  /** False when the lease ran out or passed to somebody else. */
  renewLease(shard: number, owner: string, ttlMs: number): Promise<boolean>
  releaseLease(shard: number, owner: string): Promise<boolean>
  /** Fixes the next range to insert. It must begin right behind the position and hold exactly `count` entries. */
  openRecord(shard: number, owner: string, record: BlockRecord): Promise<void>
  /** The record that was opened and not completed, by whichever owner. */
  readOpenRecord(shard: number): Promise<BlockRecord | null>
  /** Writes entries into the open record's list of excluded ones; the range stays. */
  excludeFromRecord(shard: number, owner: string, recordId: string, entryIds: string[]): Promise<void>
  /** Closes the open record and moves the position to its end. Harmless when repeated. */
  completeRecord(shard: number, owner: string, recordId: string): Promise<void>
  /** Last id that is stored for good, '0-0' at first. */
  storePosition(shard: number): Promise<string>
  /** Removes entries that are stored and that nobody needs any more (see TrimLimits); answers how many. */
  trim(shard: number, limits?: TrimLimits): Promise<number>
  /** Appends blocks made from the open record's entries; once for the record, however often it is called. */
  appendDerived(shard: number, owner: string, recordId: string, blocks: readonly Block[]): Promise<void>
  /** Says that a reader has read up to the id, so that memory can be given back early. To be repeated every few seconds. */
  reportReader(shard: number, reader: string, id: string): Promise<void>
  /** Whether Redis answers now. */
  ping(): Promise<void>
  close(): Promise<void>
}

export const STREAM_MAX_BYTES = 512 * 1024 * 1024

export function createBlockStream(options: BlockStreamOptions): BlockStream {
  const { redisUrl, prefix, shards = 1, maxBytes = STREAM_MAX_BYTES, onError } = options
  const redis = connectBlockStream(redisUrl, onError)
  // A blocked read holds its connection, so each shard that is waited on gets one of its own.
  const readers = new Map<number, { connection: BlockStreamRedis; chunks: ReplyChunks }>()
  const readerOf = (shard: number) => {
    const known = readers.get(shard)
    if (known) return known
    const connection = connectBlockStream(redisUrl, onError)
    const made = { connection, chunks: new ReplyChunks(connection) }
    readers.set(shard, made)
    return made
  }
  const keys = Array.from({ length: shards }, (_, shard) => shardKeys(prefix, shard))
  const keysOf = (shard: number): ShardKeys => {
    const found = keys[shard]
    if (!found) throw new NinesError('internal', `shard ${shard} does not exist, there are ${shards}`)
    return found
  }
  const append = async (block: Block, requests?: readonly Buffer[]) =>
    appendBlock(redis, keysOf(block.workspace % shards), encodeBlockParts(block), { maxBytes, requests })
  return {
    shards,
    append: async (block) => (await append(block)).id,
    appendRequests: async (block, requests) => (await append(block, requests)).repeated,
    async read(shard, afterId, readOptions) {
      if (!readOptions?.blockMs) return readBlocks(redis, keysOf(shard), afterId, readOptions)
      const { connection, chunks } = readerOf(shard)
      return readBlocks(connection, keysOf(shard), afterId, readOptions, chunks)
    },
    readRange: async (shard, firstId, lastId) => readBlockRange(redis, keysOf(shard), firstId, lastId),
    firstId: async (shard) =>
      edgeOf(await askRedis('reading the first id', redis.xrange(keysOf(shard).sizes, '-', '+', 'COUNT', 1))),
    lastId: async (shard) =>
      edgeOf(await askRedis('reading the last id', redis.xrevrange(keysOf(shard).sizes, '+', '-', 'COUNT', 1))),
    maxDeletedId: async (shard) =>
      (await askRedis('reading the trimmed id', redis.get(keysOf(shard).trimmed))) ?? '0-0',
    heldBytes: async (shard) => Number(await askRedis('reading the size', redis.get(keysOf(shard).bytes))),
    fill: async () => readStreamFill(redis, keys, maxBytes),
    ...ledgerMethods((shard) => createBlockLedger(redis, keysOf(shard))),
    async reportReader(shard, reader, id) {
      await askRedis('reporting a reader', redis.nReportReader(keysOf(shard).readers, reader, id))
    },
    async ping() {
      await askRedis('asking Redis', redis.ping(), 2_000)
    },
    async close() {
      for (const { connection } of readers.values()) connection.disconnect()
      readers.clear()
      redis.disconnect()
    },
  }
}

function ledgerMethods(of: (shard: number) => BlockLedger) {
  return {
    acquireLease: async (shard: number, owner: string, ttlMs: number) => of(shard).acquireLease(owner, ttlMs),
    renewLease: async (shard: number, owner: string, ttlMs: number) => of(shard).renewLease(owner, ttlMs),
    releaseLease: async (shard: number, owner: string) => of(shard).releaseLease(owner),
    openRecord: async (shard: number, owner: string, record: BlockRecord) => of(shard).openRecord(owner, record),
    readOpenRecord: async (shard: number) => of(shard).readOpenRecord(),
    excludeFromRecord: async (shard: number, owner: string, recordId: string, entryIds: string[]) =>
      of(shard).excludeFromRecord(owner, recordId, entryIds),
    completeRecord: async (shard: number, owner: string, recordId: string) => of(shard).completeRecord(owner, recordId),
    storePosition: async (shard: number) => of(shard).storePosition(),
    trim: async (shard: number, limits?: TrimLimits) => of(shard).trim(limits),
    appendDerived: async (shard: number, owner: string, recordId: string, blocks: readonly Block[]) =>
      of(shard).appendDerived(
        owner,
        recordId,
        blocks.map((block) => encodeBlock(block)),
      ),
  }
}

function edgeOf(entries: [id: string, fields: string[]][]): string | null {
  return entries[0]?.[0] ?? null
}
