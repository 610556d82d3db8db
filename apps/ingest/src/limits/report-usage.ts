import { randomUUID } from 'node:crypto'
import { messageOf, type Clock, type Logger } from '@nines/kernel'
import { addTelemetryUsage, beatReplica, removeReplica, writeSeriesUsage } from '@nines/pipeline'
import type { Redis } from 'ioredis'
import type { RateLimiter } from './rate-limiter.ts'
import type { SeriesCensus } from './series-census.ts'
import type { UsageRecorder } from './usage-recorder.ts'

export interface UsageReportOptions {
  redis: Redis
  prefix: string
  usage: UsageRecorder
  limiter: RateLimiter
  census: SeriesCensus
  clock: Clock
  logger: Logger
  everyMs?: number
}

const EVERY_MS = 5_000
/** Of series every sixth time: what costs most changes slowly and takes a millisecond to find. */
const SERIES_EVERY = 6
const APP = 'ingest'

/**
 * Tells the other replicas every five seconds that this one lives, and the workspaces' counters what it took; every thirty
 * seconds what it knows of their series.
 */
export function reportUsage(options: UsageReportOptions): { stop: () => Promise<void> } {
  const { redis, prefix, usage, limiter, census, clock, logger, everyMs = EVERY_MS } = options
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
  const count = async () => {
    for (const [workspaceId, snapshot] of census.take(clock.now()))
      await writeSeriesUsage(redis, prefix, workspaceId, replica, snapshot)
  }
  const attempt = async (work: () => Promise<unknown>) => {
    // A Redis that is away is everybody's trouble; counts wait and rates stay as they were.
    await work().catch((error: unknown) => logger.debug({ reason: messageOf(error) }, 'usage was not reported'))
  }
  let working = Promise.resolve()
  let ticks = 0
  const tick = () => {
    working = working.then(() => attempt(beat)).then(() => attempt(tell))
    if (++ticks % SERIES_EVERY === 0) working = working.then(() => attempt(count))
  }
  tick()
  const timer = setInterval(tick, everyMs)
  return {
    stop: async () => {
      clearInterval(timer)
      await working
      await attempt(tell)
      await attempt(count)
      await attempt(() => removeReplica(redis, prefix, APP, replica))
    },
  }
}
