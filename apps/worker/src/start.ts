import { createWebhookSender } from '@nines/delivery'
import { startHealthServer } from '@nines/http-server'
import { startInstruments } from '@nines/instrument'
import { createLogger, readConfig, type StartApp } from '@nines/kernel'
import {
  connectRedis,
  createJobQueue,
  startJobWorker,
  warnOfRedis,
  type JobHandlers,
  type JobKey,
} from '@nines/pipeline'
import { createPrisma } from '@nines/records'
import { createTelemetry } from '@nines/telemetry'
import { advanceAlertJob } from './jobs/advance-alert.job.ts'
import { advanceBudgetJob } from './jobs/advance-budget.job.ts'
import { deliverWebhookJob } from './jobs/deliver-webhook.job.ts'
import { draftReviewJob } from './jobs/draft-review.job.ts'
import { noteVersionJob } from './jobs/note-version.job.ts'
import { openIncidentJob } from './jobs/open-incident.job.ts'
import { stepEscalationJob } from './jobs/step-escalation.job.ts'
import { wakeAlertJob } from './jobs/wake-alert.job.ts'
import { startSweeper } from './sweeper.ts'
import { workerConfig } from './worker-config.ts'
import type { WorkerContext } from './worker-context.ts'
import { observeQueue, WorkerMeter } from './worker-meter.ts'

/** Deliveries mostly wait for receivers; a hanging one holds a place for ten seconds, and a channel eight of them. */
const CONCURRENCY: Partial<Record<JobKey, number>> = {
  advanceAlert: 8,
  advanceBudget: 2,
  stepEscalation: 4,
  deliverWebhook: 80,
  wakeAlert: 4,
  openIncident: 2,
  draftReview: 1,
  noteVersion: 1,
}

/**
 * Carries alerts to pages, incidents and reviews. Any number of these may run. All state is in PostgreSQL, so one may be
 * killed at any moment: another, or its successor, goes on where it was.
 */
export const start: StartApp = async (env) => {
  const config = readConfig(workerConfig, env)
  const logger = createLogger('worker', env.NINES_LOG_LEVEL)
  const instruments = startInstruments({
    serviceName: 'nines-worker',
    ingestUrl: config.NINES_INGEST_URL,
    ingestKey: config.NINES_INGEST_KEY,
  })
  const address = { redisUrl: config.REDIS_URL, prefix: config.NINES_REDIS_PREFIX }
  const prisma = createPrisma(config.DATABASE_URL)
  const context: WorkerContext = {
    prisma,
    telemetry: createTelemetry({ url: config.CLICKHOUSE_URL, database: config.CLICKHOUSE_DATABASE }),
    // An outage must not hold up work that the sweeper does without the queue.
    queue: createJobQueue({ ...address, timeoutMs: 1_000 }),
    redis: connectRedis(config.REDIS_URL),
    prefix: config.NINES_REDIS_PREFIX,
    sender: createWebhookSender(),
    settings: { publicUrl: config.NINES_PUBLIC_URL, secretKey: config.NINES_SECRET_KEY },
    meter: new WorkerMeter(instruments),
    logger,
  }
  observeQueue(instruments, context.queue)
  void warnOfRedis(context.redis, logger)
  const health = await startHealthServer(
    { host: config.NINES_HOST, port: config.NINES_WORKER_PORT },
    { postgres: () => prisma.$queryRaw`select 1`, redis: () => context.redis.ping() },
  )
  const handlers = handlersOf(context)
  const worker = startJobWorker({
    ...address,
    handlers,
    concurrency: CONCURRENCY,
    logger,
    onOutcome: (outcome) => context.meter.job(outcome),
  })
  // The catalog ties a job's payload to its handler; the compiler cannot follow it through a union.
  const sweeper = startSweeper(context, ({ job, payload }) => (handlers[job] as (p: unknown) => Promise<void>)(payload))
  return {
    name: 'worker',
    url: health.url,
    async stop() {
      await sweeper.stop()
      await worker.stop()
      await health.stop()
      await instruments.shutdown()
      await context.sender.close()
      await context.queue.close()
      context.redis.disconnect()
      await context.telemetry.close()
      await prisma.$disconnect()
    },
  }
}

/** One handler for every job of the catalog. */
function handlersOf(context: WorkerContext): Required<JobHandlers> {
  return {
    advanceAlert: advanceAlertJob(context),
    advanceBudget: advanceBudgetJob(context),
    wakeAlert: wakeAlertJob(context),
    stepEscalation: stepEscalationJob(context),
    deliverWebhook: deliverWebhookJob(context),
    openIncident: openIncidentJob(context),
    draftReview: draftReviewJob(context),
    noteVersion: noteVersionJob(context),
  }
}
