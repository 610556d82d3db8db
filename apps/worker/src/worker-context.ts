import type { WebhookSender } from '@nines/delivery'
import { messageOf, NinesError, type Logger } from '@nines/kernel'
import { publishLive, type JobQueue } from '@nines/pipeline'
import type { MessageSettings, Outcome, PrismaClient } from '@nines/records'
import type { Telemetry } from '@nines/telemetry'
import type { Redis } from 'ioredis'
import type { WorkerMeter } from './worker-meter.ts'

/** What every job works with. */
export interface WorkerContext {
  prisma: PrismaClient
  telemetry: Telemetry
  queue: JobQueue
  redis: Redis
  prefix: string
  sender: WebhookSender
  settings: MessageSettings
  meter: WorkerMeter
  logger: Logger
}

/**
 * After the commit: enqueues what a change asks for and tells the dashboards. None of it can fail the job, whose work is
 * done and durable: the sweeper finds what was not enqueued, and dashboards poll.
 */
export async function announce(context: WorkerContext, workspaceId: string, outcome: Outcome): Promise<void> {
  const { queue, redis, prefix, logger } = context
  const at = Date.now()
  const results = await Promise.allSettled([
    ...outcome.followUps.map(({ job, payload, delayMs }) => queue.enqueue(job, payload, { delayMs })),
    ...outcome.changes.map(({ type, id }) => publishLive(redis, prefix, workspaceId, { type, id, at })),
  ])
  const failed = results.find((result) => result.status === 'rejected')
  // The queue itself warns of an outage; once a minute, not once a change.
  if (failed)
    logger.debug({ reason: messageOf(failed.reason) }, 'a change was not announced; the sweeper makes it good')
}

/** Runs work on a thing that may have been deleted meanwhile: then there is nothing to do, and nothing to try again. */
export async function unlessGone<T>(
  { logger }: WorkerContext,
  work: Promise<T>,
  payload: Record<string, unknown>,
): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof NinesError) || error.code !== 'not_found') throw error
    logger.info({ ...payload, reason: error.message }, 'nothing to do')
    return null
  }
}
