import { messageOf, type Logger } from '@nines/kernel'
import { UnrecoverableError, Worker, type Job } from 'bullmq'
import { jobs, type JobKey, type PayloadOf } from './catalog.ts'
import { queueKeyPrefix } from './job-queue.ts'
import { connectRedis } from './redis-connection.ts'

/** Does one job. Throwing makes the queue try again as the catalog says; after that the sweeper finds the due row. */
export type JobHandler<K extends JobKey> = (payload: PayloadOf<K>) => Promise<void>
export type JobHandlers = { [K in JobKey]?: JobHandler<K> }

export interface JobOutcome {
  jobKey: JobKey
  outcome: 'done' | 'failed'
  /** Time in the handler. */
  durationMs: number
  /** Time between being due and being started. */
  waitedMs: number
}

export interface JobWorkerOptions {
  redisUrl: string
  prefix: string
  handlers: JobHandlers
  /** Jobs of one name under way at once in this process. */
  concurrency: number | Partial<Record<JobKey, number>>
  logger: Logger
  /** Called after every attempt, for self-telemetry. */
  onOutcome?: (outcome: JobOutcome) => void
}

export interface RunningJobWorker {
  /** Takes no more jobs, waits up to `drainMs` (10 s) for those under way, hands the rest back to the queue. */
  stop(drainMs?: number): Promise<void>
}

const DEFAULT_CONCURRENCY = 4

/** Takes jobs from the queues of the given handlers until stopped. Redis may come and go meanwhile. */
export function startJobWorker(options: JobWorkerOptions): RunningJobWorker {
  const { redisUrl, prefix, handlers, logger } = options
  const connection = connectRedis(redisUrl, { patient: true, onError: reportOncePerMinute(logger) })
  const workers = (Object.keys(handlers) as JobKey[]).map((jobKey) => {
    const concurrency =
      typeof options.concurrency === 'number'
        ? options.concurrency
        : (options.concurrency[jobKey] ?? DEFAULT_CONCURRENCY)
    const worker = new Worker(jobs[jobKey].name, (job: Job<unknown>) => runJob(jobKey, job, options), {
      connection,
      prefix: queueKeyPrefix(prefix),
      concurrency,
      // A job whose process died is handed to another within seconds, as often as that happens.
      lockDuration: 15_000,
      stalledInterval: 5_000,
      maxStalledCount: 100,
    })
    worker.on('error', reportOncePerMinute(logger))
    return worker
  })

  return {
    async stop(drainMs = 10_000) {
      // Without Redis nothing can be handed back: waiting for it would only delay the stop.
      const force = connection.status !== 'ready'
      const drained = Promise.allSettled(workers.map((worker) => worker.close(force)))
      let timer: NodeJS.Timeout | undefined
      const deadline = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, drainMs)
      })
      await Promise.race([drained, deadline])
      clearTimeout(timer)
      connection.disconnect()
    },
  }
}

async function runJob(jobKey: JobKey, job: Job<unknown>, options: JobWorkerOptions): Promise<void> {
  const entry = jobs[jobKey]
  const startedAt = Date.now()
  const report = (outcome: JobOutcome['outcome']) =>
    options.onOutcome?.({
      jobKey,
      outcome,
      durationMs: Date.now() - startedAt,
      waitedMs: Math.max(0, startedAt - job.timestamp - (job.opts.delay ?? 0)),
    })
  const parsed = entry.payload.safeParse(job.data)
  if (!parsed.success) {
    options.logger.error({ job: entry.name, jobId: job.id, reason: parsed.error.message }, 'job payload is malformed')
    report('failed')
    throw new UnrecoverableError(`payload of ${entry.name} is malformed`)
  }
  try {
    // The catalog ties the handler of a key to the payload of that key; the compiler cannot follow it through a union.
    await (options.handlers[jobKey] as (payload: unknown) => Promise<void>)(parsed.data)
    report('done')
  } catch (error) {
    const attempt = job.attemptsMade + 1
    options.logger.warn(
      { job: entry.name, jobId: job.id, attempt, of: entry.attempts, reason: messageOf(error) },
      'job failed',
    )
    report('failed')
    throw error
  }
}

/** An outage of Redis raises an error per worker and reconnection; one line a minute says as much. */
function reportOncePerMinute(logger: Logger): (error: Error) => void {
  let reportedAt = -Infinity
  return (error) => {
    const now = Date.now()
    if (now - reportedAt < 60_000) return
    reportedAt = now
    logger.warn({ reason: messageOf(error) }, 'the job queue has trouble with Redis')
  }
}
