import type { Redis } from 'ioredis'
import { askRedis } from './block-stream-connection.ts'
import type { ShardKeys } from './block-stream-keys.ts'

/** How near the stream is to taking no more. */
export interface StreamFill {
  /** Used share of whichever is nearest to its limit; 1 and above means that blocks are refused. */
  share: number
  /** What that is, for people: "shard 0 of the block stream holds 430 of 512 MiB". */
  what: string
}

const MIB = 1024 * 1024

/** Asks Redis how full it and the fullest shard are. */
export async function readStreamFill(
  redis: Redis,
  shards: readonly ShardKeys[],
  maxBytes: number,
): Promise<StreamFill> {
  const [info, ...held] = await Promise.all([
    askRedis('reading the memory of Redis', redis.info('memory'), 2_000),
    ...shards.map((keys) => askRedis('reading the size', redis.get(keys.bytes), 2_000)),
  ])
  const memory = memoryFill(info)
  const streams = held.map((bytes, shard) =>
    fillOf(Number(bytes ?? 0), maxBytes, `shard ${shard} of the block stream holds`),
  )
  return [memory, ...streams].reduce((fullest, next) => (next.share > fullest.share ? next : fullest))
}

/** What Redis counts against `maxmemory`; buffers of replicas and of the append-only file are not. */
function memoryFill(info: string): StreamFill {
  const valueOf = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0)
  const limit = valueOf('maxmemory')
  if (limit === 0) return { share: 0, what: 'Redis has no memory limit' }
  return fillOf(valueOf('used_memory') - valueOf('mem_not_counted_for_evict'), limit, 'Redis uses')
}

function fillOf(used: number, limit: number, subject: string): StreamFill {
  const share = used / limit
  return { share, what: `${subject} ${inMib(used)} of ${inMib(limit)} MiB` }
}

function inMib(bytes: number): string {
  return bytes < 10 * MIB ? (bytes / MIB).toFixed(2) : String(Math.round(bytes / MIB))
}
