import { connectRedis } from '@nines/pipeline'
import type { Logger } from '@nines/kernel'

/** A block that cannot be stored. */
export interface DeadLetter {
  shard: number
  /** Id of its entry in the stream; the same block may be listed twice after a crash. */
  entryId: string
  reason: string
  /** The block as it stood in the stream. */
  bytes: Buffer
}

export interface DeadLetters {
  /** Resolves when the letter is kept. */
  add(letter: DeadLetter): Promise<void>
  close(): void
}

/** The oldest letters leave beyond these limits, so that a broken sender cannot fill Redis. */
const MAX_LETTERS = 10_000
const MAX_BYTES = 64 * 1024 * 1024

/**
 * Blocks set aside so that the rest can go on, newest first, in the Redis list `<prefix>:dead-letters`: JSON with the
 * fields of DeadLetter, `bytes` in base64, `at` in epoch ms.
 */
export function openDeadLetters(
  redisUrl: string,
  prefix: string,
  logger: Logger,
  { maxBytes = MAX_BYTES } = {},
): DeadLetters {
  const redis = connectRedis(redisUrl)
  const key = `${prefix}:dead-letters`
  const bytesOf = async (list: string) => (await redis.memory('USAGE', list, 'SAMPLES', 0)) ?? 0
  return {
    async add({ bytes, ...letter }) {
      const { shard, entryId, reason } = letter
      logger.error({ shard, entryId, reason, size: bytes.length }, 'a block cannot be stored and becomes a dead letter')
      await redis.lpush(key, JSON.stringify({ ...letter, at: Date.now(), bytes: bytes.toString('base64') }))
      await redis.ltrim(key, 0, MAX_LETTERS - 1)
      while ((await redis.llen(key)) > 1 && (await bytesOf(key)) > maxBytes) await redis.rpop(key)
    },
    close: () => redis.disconnect(),
  }
}
