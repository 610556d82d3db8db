import { freeMemory, messageOf } from '@nines/kernel'
import { decodeBlock, emptyBlock, type Block } from '@nines/wire'
import { askRedis, type BlockStreamRedis } from './block-stream-connection.ts'
import type { ShardKeys } from './block-stream-keys.ts'
import { ownMemory, type ReplyChunks } from './reply-chunks.ts'

/** One entry of the stream. */
export interface BlockEntry {
  /** `<ms>-<sequence>`, ascending in the order of appending. */
  id: string
  /** An empty block where the bytes could not be decoded. */
  block: Block
  /** Set for an entry that no reader can use: why, and its bytes as they stand in the stream. */
  fault: { reason: string; bytes: Buffer } | null
  /** Gives its memory back: neither the block nor what was read from it without a copy is to be looked at afterwards. */
  free: () => void
}

export interface ReadOptions {
  /** At most this many entries (default 256). */
  count?: number
  /** Wait this long for the first entry; 0 (default) does not wait. */
  blockMs?: number
  /** Stop before this many bytes, but never before the first entry (default 16 MiB). */
  maxBytes?: number
}

const READ_DEFAULTS = { count: 256, blockMs: 0, maxBytes: 16 * 1024 * 1024 }
/** What a blocking read may take longer than its own waiting time. */
const READ_GRACE_MS = 5_000

/**
 * Entries behind `afterId`, oldest first; an empty array when none came in time. It waits on the stream of sizes, so
 * that a reader far behind never asks for more bytes than it can hold.
 */
export async function readBlocks(
  redis: BlockStreamRedis,
  keys: ShardKeys,
  afterId: string,
  options: ReadOptions = {},
  chunks?: ReplyChunks,
): Promise<BlockEntry[]> {
  const { count, blockMs, maxBytes } = { ...READ_DEFAULTS, ...options }
  const position = ['STREAMS', keys.sizes, afterId] as const
  const waiting =
    blockMs > 0
      ? redis.xread('COUNT', count, 'BLOCK', Math.ceil(blockMs), ...position)
      : redis.xread('COUNT', count, ...position)
  const found = await askRedis('waiting for blocks', waiting, blockMs + READ_GRACE_MS).catch((error: unknown) => {
    // A blocked command holds the connection; only a new one gets past it.
    if (blockMs > 0 && redis.status === 'ready') redis.disconnect(true)
    throw error
  })
  const sizes = found?.[0]?.[1] ?? []
  let bytes = 0
  let taken = 0
  for (const [, fields] of sizes) {
    bytes += Number(fields[1])
    if (taken > 0 && bytes > maxBytes) break
    taken++
  }
  const first = sizes[0]?.[0]
  const last = sizes[taken - 1]?.[0]
  return first && last ? readBlockRange(redis, keys, first, last, chunks) : []
}

/**
 * Every entry from `firstId` to `lastId`, both included, that is still in the stream.
 *
 * @param chunks of the connection, where nobody else uses it
 */
export async function readBlockRange(
  redis: BlockStreamRedis,
  keys: ShardKeys,
  firstId: string,
  lastId: string,
  chunks?: ReplyChunks,
): Promise<BlockEntry[]> {
  const ask = () => askRedis('reading blocks', redis.xrangeBuffer(keys.blocks, firstId, lastId))
  const take = (entries: [id: Buffer, fields: Buffer[]][]) =>
    entries.map(([id, fields]) => toEntry(id.toString('latin1'), ownMemory(fields[1] ?? Buffer.alloc(0))))
  return chunks ? chunks.freeing(ask, take) : take(await ask())
}

function toEntry(id: string, bytes: Buffer): BlockEntry {
  const free = () => freeMemory(bytes)
  try {
    return { id, block: decodeBlock(bytes), fault: null, free }
  } catch (error) {
    return { id, block: emptyBlock(0), fault: { reason: messageOf(error), bytes }, free }
  }
}
