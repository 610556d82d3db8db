import { NinesError } from '@nines/kernel'
import type { Redis } from 'ioredis'

/** What a beat found. */
export interface Beat {
  /** Redis' clock, epoch ms: the one that all replicas share. */
  now: number
  /** Live replicas, this one included, sorted. */
  replicas: string[]
}

export const BEAT_INTERVAL_MS = 1_000
/**
 * A replica that has not been heard of for this long is dead and its share passes to the others, who notice it a beat
 * later. The rest of the ten seconds that a takeover may take is for bringing its SLOs into memory.
 */
export const DEAD_AFTER_MS = 5_000

/** Redis answers in a millisecond; while it writes a file to a slow disk in seconds. */
const ANSWER_MS = 3_000

/** Also while Redis has no memory left: a full Redis must not leave every SLO without an owner. */
const SCRIPT = `#!lua flags=allow-oom
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
if ARGV[3] == '1' then redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. (now - ARGV[2])) end
return { tostring(now), redis.call('ZRANGE', KEYS[1], 0, -1) }`

const key = (prefix: string) => `${prefix}:evaluate:replicas`

/**
 * Says that this replica lives and asks who else does, in one step and by Redis' clock.
 *
 * @param mayBury false for one that was silent itself lately: the others may only come back a moment later from the same
 *   outage, and whoever buries them takes up every SLO there is
 */
export async function beat(redis: Redis, prefix: string, replica: string, mayBury = true): Promise<Beat> {
  const args = [replica, DEAD_AFTER_MS, mayBury ? '1' : '0']
  const asked = redis.eval(SCRIPT, 1, key(prefix), ...args)
  const answer = (await answerInTime(redis, asked, ANSWER_MS)) as [string, string[]]
  return { now: Number(answer[0]), replicas: answer[1].toSorted() }
}

/**
 * A connection that broke without a word answers nothing, and the system takes a quarter of an hour to notice: only a new
 * one gets past it. Where this process itself stood still for so long, the answer may lie there unread: it is read first.
 */
export async function answerInTime<T>(redis: Redis, command: Promise<T>, withinMs: number): Promise<T> {
  let isAnswered = false
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    const giveUp = () => {
      if (isAnswered) return
      if (redis.status === 'ready') redis.disconnect(true)
      reject(new NinesError('unavailable', `Redis did not answer a heartbeat within ${withinMs} ms`))
    }
    // Sockets are read between timers and what is set for immediately after.
    timer = setTimeout(() => setImmediate(giveUp), withinMs)
  })
  try {
    return await Promise.race([command.finally(() => (isAnswered = true)), deadline])
  } finally {
    command.catch(() => undefined)
    clearTimeout(timer)
  }
}

/** Leaves at once, so that the others need not wait for silence. */
export async function leave(redis: Redis, prefix: string, replica: string): Promise<void> {
  await redis.zrem(key(prefix), replica)
}
