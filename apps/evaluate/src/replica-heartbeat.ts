import type { Redis } from 'ioredis'

/** What a beat found. */
export interface Beat {
  /** Redis' clock, epoch ms: the one that all replicas share. */
  now: number
  /** Live replicas, this one included, sorted. */
  replicas: string[]
}

export const BEAT_INTERVAL_MS = 2_000
/** A replica that has not been heard of for this long is dead and its share passes to the others. */
const DEAD_AFTER_MS = 6_000

/** Also while Redis has no memory left: a full Redis must not leave every SLO without an owner. */
const SCRIPT = `#!lua flags=allow-oom
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. (now - ARGV[2]))
return { tostring(now), redis.call('ZRANGE', KEYS[1], 0, -1) }`

const key = (prefix: string) => `${prefix}:evaluate:replicas`

/** Says that this replica lives and asks who else does, in one step and by Redis' clock. */
export async function beat(redis: Redis, prefix: string, replica: string): Promise<Beat> {
  const answer = (await redis.eval(SCRIPT, 1, key(prefix), replica, DEAD_AFTER_MS)) as [string, string[]]
  return { now: Number(answer[0]), replicas: answer[1].toSorted() }
}

/** Leaves at once, so that the others need not wait for silence. */
export async function leave(redis: Redis, prefix: string, replica: string): Promise<void> {
  await redis.zrem(key(prefix), replica)
}
