import { randomUUID } from 'node:crypto'
import { messageOf, type Clock, type Logger } from '@nines/kernel'
import { addTelemetryUsage, beatReplica, removeReplica, writeSeriesUsage } from '@nines/pipeline'
import type { SeriesStatistics } from '@nines/wire'
import type { Redis } from 'ioredis'
import type { RateLimiter } from './rate-limiter.ts'
import type { UsageRecorder } from './usage-recorder.ts'

export interface UsageReportOptions {
  redis: Redis
  prefix: string
  usage: UsageRecorder
  limiter: RateLimiter
  /** What the series of a workspace cost now. */
  seriesOf: (workspace: number, now: number) => SeriesStatistics
  clock: Clock
  logger: Logger
  everyMs?: number
}

const EVERY_MS = 5_000
const SERIES_EVERY_TICKS = 3
const APP = 'ingest'

/**
 * Tells the other replicas every five seconds that this one lives, and the workspaces' counters what it took; every
 * fifteen seconds what their series cost.
 */
export function reportUsage(options: UsageReportOptions): { stop: () => Promise<void> } {
  const { redis, prefix, usage, limiter, seriesOf, clock, logger, everyMs = EVERY_MS } = options
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
  const tellSeries = async () => {
    const now = clock.now()
    for (const [workspaceId, workspace] of usage.takeMetricSenders()) {
      const { activeSeries, topMetrics, topLabels } = seriesOf(workspace, now)
      const measuredAt = new Date(now).toISOString()
      await writeSeriesUsage(redis, prefix, workspaceId, replica, { measuredAt, activeSeries, topMetrics, topLabels })
    }
  }
  const attempt = async (work: () => Promise<unknown>) => {
    // A Redis that is away is everybody's trouble; counts wait and rates stay as they were.
    await work().catch((error: unknown) => logger.debug({ reason: messageOf(error) }, 'usage was not reported'))
  }
  let working = Promise.resolve()
  let ticks = 0
  const tick = () => {
    working = working.then(() => attempt(beat)).then(() => attempt(tell))
    // Ranking all metrics of a workspace takes longer than counting does.
    if (ticks++ % SERIES_EVERY_TICKS === 1) working = working.then(() => attempt(tellSeries))
  }
  tick()
  const timer = setInterval(tick, everyMs)
  return {
    stop: async () => {
      clearInterval(timer)
      await working
      await attempt(tell)
      await attempt(tellSeries)
      await attempt(() => removeReplica(redis, prefix, APP, replica))
    },
  }
}
