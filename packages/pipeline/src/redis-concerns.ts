import { messageOf, type Logger } from '@nines/kernel'
import type { Redis } from 'ioredis'

/**
 * What of a Redis' settings breaks the promise that an answered request, a queued page and a lease outlive it; empty where
 * all is well. A server that tells nobody its `appendfsync`, as hosted ones do, is not asked further. Rejects when Redis is away.
 */
export async function redisConcerns(redis: Redis): Promise<string[]> {
  const [persistence, memory, fsync] = await Promise.all([
    redis.info('persistence'),
    redis.info('memory'),
    redis.config('GET', 'appendfsync').then(settingOf, () => undefined),
  ])
  const concerns: string[] = []
  const isKept = fieldOf(persistence, 'aof_enabled') !== '0'
  if (!isKept) concerns.push('a restart loses acknowledged telemetry and due pages: set appendonly to yes')
  if (isKept && fsync !== undefined && fsync !== 'always')
    concerns.push(
      `appendfsync is ${fsync}: seconds of acknowledged telemetry may be lost with the process or machine, set it to always`,
    )
  const policy = fieldOf(memory, 'maxmemory_policy')
  if (policy !== undefined && policy !== 'noeviction')
    concerns.push(`maxmemory-policy is ${policy}: a full Redis throws jobs and telemetry away, set it to noeviction`)
  return concerns
}

/** Logs a warning for each concern; a Redis that is away is others' to tell of. */
export async function warnOfRedis(redis: Redis, logger: Logger): Promise<void> {
  try {
    for (const concern of await redisConcerns(redis))
      logger.warn({ concern }, 'Redis is not set up to keep what Nines acknowledges')
  } catch (error) {
    logger.debug({ reason: messageOf(error) }, 'settings of Redis are not known')
  }
}

function fieldOf(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(\\w[\\w-]*)`, 'm').exec(info)?.[1]
}

/** CONFIG GET answers name and value, in turn. */
function settingOf(answer: unknown): string | undefined {
  return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : undefined
}
