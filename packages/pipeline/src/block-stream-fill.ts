import type { Redis } from 'ioredis'
import { askRedis } from './block-stream-connection.ts'
import type { ShardKeys } from './block-stream-keys.ts'

/** How near the stream is to taking no more. */
export interface StreamFill {
  /** Used share of whichever is nearest to its limit; 1 and above means that blocks are refused. */
  share: number
  /** What that is, for people. */
  what: string
}

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
  const streams = held.map((text) => {
    const bytes = Number(text ?? 0)
    return { share: bytes / maxBytes, what: streamFull(bytes, maxBytes) }
  })
  return [memory, ...streams].reduce((fullest, next) => (next.share > fullest.share ? next : fullest))
}

export function streamFull(bytes: number | string, maxBytes: number): string {
  return `the block stream holds ${bytes} bytes, more are refused above ${maxBytes}`
}

/** What Redis counts against `maxmemory`; buffers of replicas and of the append-only file are not. */
function memoryFill(info: string): StreamFill {
  const valueOf = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0)
  const limit = valueOf('maxmemory')
  if (limit === 0) return { share: 0, what: 'Redis has no memory limit' }
  const used = valueOf('used_memory') - valueOf('mem_not_counted_for_evict')
  return { share: used / limit, what: `Redis uses ${used} of the ${limit} bytes of its maxmemory` }
}
