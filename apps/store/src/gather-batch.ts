import type { BlockEntry, BlockStream } from '@nines/pipeline'
import { blockBytes, countRows } from '@nines/wire'

/** A batch is closed when it holds this many rows or bytes, or when its first entry has waited long enough. */
export interface BatchLimits {
  rows: number
  bytes: number
  entries: number
  lingerMs: number
  /** A batch that holds so many rows by then waits longer, `longLingerMs` since its first entry. */
  longFromRows: number
  longLingerMs: number
}

/**
 * What is stored should be fresh, and an insert should be fat. Of few rows an insert costs about the same whatever their
 * number. Of many it makes a part that ClickHouse merges with others of its size, and a row goes through fewer merges the
 * larger its first part was: those are what most of the time goes into at high rates.
 */
export const BATCH_LIMITS: BatchLimits = {
  rows: 1_000_000,
  bytes: 32 * 1024 * 1024,
  entries: 1000,
  lingerMs: 600,
  longFromRows: 100_000,
  longLingerMs: 1000,
}

/** Most bytes of one read: what it takes beside the blocks themselves is given back when they have come. */
const READ_BYTES = 8 * 1024 * 1024

/** How long one call waits for a first entry; short, so that a stop or a lost lease is soon seen. */
const WAIT_MS = 1000

/**
 * Entries that follow `afterId` without a gap, as many as make a good insert; empty when none came within a second.
 *
 * @param heard gets entries as they come, before the batch is full
 */
export async function gatherBatch(
  stream: BlockStream,
  shard: number,
  afterId: string,
  signal: AbortSignal,
  limits: BatchLimits = BATCH_LIMITS,
  heard: (entries: readonly BlockEntry[]) => void = () => undefined,
): Promise<BlockEntry[]> {
  const batch: BlockEntry[] = []
  let [rows, bytes] = [0, 0]
  let firstAt = Infinity
  while (!signal.aborted && rows < limits.rows && bytes < limits.bytes && batch.length < limits.entries) {
    const lingerMs = rows < limits.longFromRows ? limits.lingerMs : limits.longLingerMs
    const waitMs = batch.length === 0 ? WAIT_MS : Math.ceil(firstAt + lingerMs - performance.now())
    if (waitMs <= 0) break
    const entries = await stream.read(shard, batch.at(-1)?.id ?? afterId, {
      count: Math.min(256, limits.entries - batch.length),
      blockMs: waitMs,
      maxBytes: Math.min(READ_BYTES, limits.bytes - bytes),
    })
    if (entries.length === 0) break
    heard(entries)
    if (batch.length === 0) firstAt = performance.now()
    for (const entry of entries) {
      batch.push(entry)
      rows += countRows(entry.block)
      bytes += blockBytes(entry.block)
    }
  }
  return batch
}
