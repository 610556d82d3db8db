import { NinesError } from '@nines/kernel'
import { askRedis, type BlockStreamRedis } from './block-stream-connection.ts'
import type { ShardKeys } from './block-stream-keys.ts'

/**
 * What goes into ClickHouse in one go: a contiguous range of the stream, fixed before the insert is made, so that a
 * repeat holds exactly the same rows. Its id is the insert's deduplication token.
 */
export interface BlockRecord {
  id: string
  firstId: string
  lastId: string
  /** Entries in the range, the excluded ones included. */
  count: number
  /** Entries that cannot be stored and went to the dead letters instead. */
  excluded?: string[]
}

/** The store's book of one shard. Every change is refused for anybody who does not hold the lease. */
export interface BlockLedger {
  acquireLease(owner: string, ttlMs: number): Promise<boolean>
  renewLease(owner: string, ttlMs: number): Promise<boolean>
  releaseLease(owner: string): Promise<boolean>
  openRecord(owner: string, record: BlockRecord): Promise<void>
  readOpenRecord(): Promise<BlockRecord | null>
  excludeFromRecord(owner: string, recordId: string, entryIds: string[]): Promise<void>
  completeRecord(owner: string, recordId: string): Promise<void>
  storePosition(): Promise<string>
  trim(limits?: TrimLimits): Promise<number>
  /** Appends blocks made from the open record, once for that record. */
  appendDerived(owner: string, recordId: string, derivedBlocks: readonly Buffer[]): Promise<void>
}

/** How long stored entries stay for readers that come after the store. */
export interface TrimLimits {
  /** Entries younger than this stay, as far as memory permits (default 60 s). */
  tailMs?: number
  /** Above this entries go once the readers have them (default 64 MiB). */
  softBytes?: number
  /** Above this they go whoever has read them (default 256 MiB). */
  hardBytes?: number
}

const MIB = 1024 * 1024
const TRIM_DEFAULTS: Required<TrimLimits> = { tailMs: 60_000, softBytes: 64 * MIB, hardBytes: 256 * MIB }

export function createBlockLedger(redis: BlockStreamRedis, keys: ShardKeys): BlockLedger {
  const readOpenRecord = async (): Promise<BlockRecord | null> => {
    const json = await askRedis('reading the open record', redis.get(keys.record))
    return json === null ? null : (JSON.parse(json) as BlockRecord)
  }
  return {
    acquireLease: async (owner, ttlMs) =>
      (await askRedis('acquiring the lease', redis.nAcquire(keys.lease, owner, ttlMs))) === 1,
    renewLease: async (owner, ttlMs) =>
      (await askRedis('renewing the lease', redis.nRenew(keys.lease, owner, ttlMs))) === 1,
    releaseLease: async (owner) => (await askRedis('releasing the lease', redis.nRelease(keys.lease, owner))) === 1,
    readOpenRecord,

    async openRecord(owner, record) {
      const { lease, record: open, position, sizes } = keys
      const json = JSON.stringify(record)
      const { id, firstId, lastId, count } = record
      const command = redis.nOpenRecord(lease, open, position, sizes, owner, id, firstId, lastId, count, json)
      const [outcome, detail] = await askRedis('opening a record', command)
      if (outcome !== 'ok') throw refusal(outcome, `record ${record.id}`, detail)
    },

    async excludeFromRecord(owner, recordId, entryIds) {
      const record = await readOpenRecord()
      if (record?.id !== recordId) throw refusal('missing', `record ${recordId}`)
      const excluded = [...new Set([...(record.excluded ?? []), ...entryIds])].sort()
      const json = JSON.stringify({ ...record, excluded })
      const command = redis.nAmendRecord(keys.lease, keys.record, owner, recordId, json)
      const [outcome, detail] = await askRedis('excluding from a record', command)
      if (outcome !== 'ok') throw refusal(outcome, `record ${recordId}`, detail)
    },

    async completeRecord(owner, recordId) {
      const { lease, record, position, completed } = keys
      const command = redis.nCompleteRecord(lease, record, position, completed, owner, recordId)
      const [outcome, detail] = await askRedis('completing a record', command)
      if (outcome !== 'ok') throw refusal(outcome, `record ${recordId}`, detail)
    },

    storePosition: async () => (await askRedis('reading the position', redis.get(keys.position))) ?? '0-0',

    async appendDerived(owner, recordId, derivedBlocks) {
      const { lease, record, blocks, sizes, bytes, derived } = keys
      const command = redis.nAppendDerived(
        lease,
        record,
        blocks,
        sizes,
        bytes,
        derived,
        owner,
        recordId,
        ...derivedBlocks,
      )
      const [outcome, detail] = await askRedis('appending derived blocks', command)
      if (outcome !== 'ok') throw refusal(outcome, `record ${recordId}`, detail)
    },

    async trim(limits) {
      const { tailMs, softBytes, hardBytes } = { ...TRIM_DEFAULTS, ...limits }
      const { blocks, sizes, bytes, trimmed, position, readers } = keys
      let total = 0
      for (;;) {
        const command = redis.nTrim(blocks, sizes, bytes, trimmed, position, readers, tailMs, softBytes, hardBytes)
        const removed = await askRedis('trimming', command)
        total += removed
        if (removed === 0) return total
      }
    },
  }
}

function refusal(outcome: string | undefined, what: string, detail = ''): NinesError {
  switch (outcome ?? 'none') {
    case 'fenced':
      return new NinesError('conflict', `${what}: the lease of the shard is not held any more`)
    case 'busy':
      return new NinesError('conflict', `${what}: record ${detail} is still open`)
    case 'missing':
      return new NinesError('conflict', `${what} is not the open one`)
    case 'gap':
      return new NinesError('conflict', `${what} does not begin with the first entry behind ${detail}`)
    case 'count':
      return new NinesError('conflict', `${what} does not hold the number of entries it names, at least ${detail}`)
    default:
      return new NinesError('internal', `${what}: unexpected outcome ${outcome}`)
  }
}
