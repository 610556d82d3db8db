import { randomUUID } from 'node:crypto'
import { messageOf, type Clock, type Logger } from '@nines/kernel'
import { addTelemetryUsage, beatReplica, removeReplica } from '@nines/pipeline'
import type { Redis } from 'ioredis'
import type { RateLimiter } from './rate-limiter.ts'
import type { UsageRecorder } from './usage-recorder.ts'

export interface UsageReportOptions {
  redis: Redis
  prefix: string
  usage: UsageRecorder
  limiter: RateLimiter
  clock: Clock
  logger: Logger
  everyMs?: number
}

const EVERY_MS = 5_000
const APP = 'ingest'

/** Tells the other replicas every five seconds that this one lives, and the workspaces' counters what it took. */
export function reportUsage(options: UsageReportOptions): { stop: () => Promise<void> } {
  const { redis, prefix, usage, limiter, clock, logger, everyMs = EVERY_MS } = options
  const replica = randomUUID()
  const beat = async () => {
    limiter.replicas = Math.max(1, await beatReplica(redis, prefix, APP, replica))
  }
  const tell = async () => {
    const tallies = usage.take()
    try {
      await addTelemetryUsage(redis, prefix, tallies, clock.now())
    } catch (error) {
      usage.putBack(tallies)
      throw error
    }
  }
  const attempt = async (work: () => Promise<unknown>) => {
    // A Redis that is away is everybody's trouble; counts wait and rates stay as they were.
    await work().catch((error: unknown) => logger.debug({ reason: messageOf(error) }, 'usage was not reported'))
  }
  let working = Promise.resolve()
  const tick = () => {
    working = working.then(() => attempt(beat)).then(() => attempt(tell))
  }
  tick()
  const timer = setInterval(tick, everyMs)
  return {
    stop: async () => {
      clearInterval(timer)
      await working
      await attempt(tell)
      await attempt(() => removeReplica(redis, prefix, APP, replica))
    },
  }
}
