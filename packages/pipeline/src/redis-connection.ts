import { Redis } from 'ioredis'

export interface RedisConnectionOptions {
  /** Gets every connection error; without it errors are left to the commands that fail. */
  onError?: (error: Error) => void
  /** Commands wait for ever for the server to come back (blocking readers, job workers) instead of failing. */
  patient?: boolean
}

/**
 * A connection that comes back by itself: reconnects after 50 ms growing to 2 s, for as long as it lives. Commands of an
 * impatient connection fail after three reconnections, so that callers see an outage instead of hanging in it.
 */
export function connectRedis(redisUrl: string, options: RedisConnectionOptions = {}): Redis {
  const redis = new Redis(redisUrl, {
    maxRetriesPerRequest: options.patient ? null : 3,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt - 1, 6), 2_000),
  })
  // An 'error' event without a listener would end the process.
  redis.on('error', (error) => options.onError?.(error))
  return redis
}
