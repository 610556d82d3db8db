import type { SloDefinition } from '@nines/records'
import type { Redis } from 'ioredis'

/** Late hours live in memory for seconds; the note outlives a crash in them. */
const key = (prefix: string, { id, version }: SloDefinition) => `${prefix}:evaluate:late-hours:${id}:${version}`
/** A note nobody came back for says nothing about an SLO that has been gone this long. */
const EXPIRY_SECONDS = 400 * 86_400

export async function noteLateHours(
  redis: Redis,
  prefix: string,
  slo: SloDefinition,
  hours: readonly number[],
): Promise<void> {
  if (hours.length === 0) return
  await redis.sadd(key(prefix, slo), ...hours)
  await redis.expire(key(prefix, slo), EXPIRY_SECONDS)
}

export async function readLateHours(redis: Redis, prefix: string, slo: SloDefinition): Promise<number[]> {
  return (await redis.smembers(key(prefix, slo))).map(Number)
}

export async function removeLateHours(
  redis: Redis,
  prefix: string,
  slo: SloDefinition,
  hours: readonly number[],
): Promise<void> {
  if (hours.length > 0) await redis.srem(key(prefix, slo), ...hours)
}
