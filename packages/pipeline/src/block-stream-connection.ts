import { messageOf, NinesError } from '@nines/kernel'
import { Redis } from 'ioredis'
import { defineBlockStreamCommands, type BlockStreamCommands } from './block-stream-scripts.ts'

export type BlockStreamRedis = Redis & BlockStreamCommands

/** Redis must answer a command within this time, or the command counts as failed. */
const COMMAND_TIMEOUT_MS = 10_000

/**
 * A connection whose commands fail soon while Redis is away and that never repeats one by itself: a block that may have
 * been appended must not be appended again behind the caller's back.
 */
export function connectBlockStream(redisUrl: string, onError?: (error: Error) => void): BlockStreamRedis {
  const redis = new Redis(redisUrl, {
    maxRetriesPerRequest: 1,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(25 * 2 ** Math.min(attempt, 6), 1_000),
  })
  // An 'error' event without a listener would end the process.
  redis.on('error', (error) => onError?.(error))
  return defineBlockStreamCommands(redis)
}

/** Runs a command with a deadline; every failure of Redis becomes NinesError 'unavailable'. */
export async function askRedis<T>(what: string, command: Promise<T>, timeoutMs = COMMAND_TIMEOUT_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    return await Promise.race([command, deadline])
  } catch (error) {
    command.catch(() => undefined)
    throw new NinesError('unavailable', `${what}: ${inWords(messageOf(error))}`, { retryAfterSeconds: 1, cause: error })
  } finally {
    clearTimeout(timer)
  }
}

/** The two failures that agents get to see while Redis is away or full, without what only its client's author can use. */
function inWords(message: string): string {
  if (message.includes('max retries per request')) return 'Redis cannot be reached'
  if (message.startsWith('OOM ')) return 'Redis has no memory left'
  return message
}
