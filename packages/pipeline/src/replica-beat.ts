import type { Redis } from 'ioredis'

/** A process that has not been heard of for this long does not count any more. */
const SILENT_MS = 15_000

/** The clock of Redis, because the processes' own clocks differ. */
const BEAT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[2]))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])`

const beatKey = (prefix: string, app: string) => `${prefix}:replicas:${app}`

/** Says that this replica of an app lives; answers how many do, itself included. To be repeated every few seconds. */
export async function beatReplica(redis: Redis, prefix: string, app: string, replica: string): Promise<number> {
  return Number(await redis.eval(BEAT, 1, beatKey(prefix, app), replica, SILENT_MS))
}

/** Stops counting a replica that ends. */
export async function removeReplica(redis: Redis, prefix: string, app: string, replica: string): Promise<void> {
  await redis.zrem(beatKey(prefix, app), replica)
}
