import type { BlockStream } from '@nines/pipeline'
import type { Redis } from 'ioredis'
import { compareEntryIds } from './entry-id.ts'

const key = (prefix: string) => `${prefix}:evaluate:followed`

/**
 * Notes, by shard, up to where evaluators have followed the stream and noted every late hour. The newest note of any
 * replica counts: a replica that lags behind it while it lives finds its own gaps.
 */
export async function noteFollowed(redis: Redis, prefix: string, positions: readonly string[]): Promise<void> {
  const fields = positions.flatMap((position, shard) => (position === '0-0' ? [] : [String(shard), position]))
  if (fields.length > 0) await redis.hset(key(prefix), ...fields)
}

/** True when entries that no evaluator has seen were trimmed: while none ran, late data may have gone by. */
export async function hasMissedEntries(redis: Redis, prefix: string, stream: BlockStream): Promise<boolean> {
  const noted = await redis.hgetall(key(prefix))
  for (let shard = 0; shard < stream.shards; shard++) {
    if (compareEntryIds(await stream.maxDeletedId(shard), noted[shard] ?? '0-0') > 0) return true
  }
  return false
}
