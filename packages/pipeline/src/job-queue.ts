import { NinesError, messageOf } from '@nines/kernel'
import { Queue, type JobsOptions } from 'bullmq'
import { jobs, type JobKey, type PayloadOf } from './catalog.ts'
import { connectRedis } from './redis-connection.ts'

export interface EnqueueOptions {
  /** Run no earlier than this many milliseconds from now. A wake-up only: the due time is a row in PostgreSQL. */
  delayMs?: number
  /** While a job of this id is queued, another one is dropped. */
  jobId?: string
}

export interface JobCounts {
  waiting: number
  delayed: number
  active: number
}

/** Where jobs are put. Every job is a wake-up whose loss the sweeper makes good, so a failure here loses nothing. */
export interface JobQueue {
  /** Rejects with NinesError `invalid` for a payload outside the catalog's schema, `unavailable` when Redis is away. */
  enqueue<K extends JobKey>(jobKey: K, payload: PayloadOf<K>, options?: EnqueueOptions): Promise<void>
  counts(): Promise<Record<JobKey, JobCounts>>
  close(): Promise<void>
}

export interface JobQueueOptions {
  redisUrl: string
  /** Prefix of every Redis key of this installation. */
  prefix: string
  /** How long an enqueue may wait for Redis. */
  timeoutMs?: number
  onError?: (error: Error) => void
}

const JOB_KEYS = Object.keys(jobs) as JobKey[]

/** Key prefix of all queues of an installation; the braces put them in one slot of a Redis cluster. */
export function queueKeyPrefix(prefix: string): string {
  return `{${prefix}:q}`
}

/** Opens the queues of the catalog, one BullMQ queue a job, on one shared connection. */
export function createJobQueue({ redisUrl, prefix, timeoutMs = 3_000, onError }: JobQueueOptions): JobQueue {
  const connection = connectRedis(redisUrl, { patient: true, onError })
  const queues = new Map(
    JOB_KEYS.map((jobKey) => {
      const queue = new Queue(jobs[jobKey].name, { connection, prefix: queueKeyPrefix(prefix) })
      queue.on('error', (error) => onError?.(error))
      return [jobKey, queue] as const
    }),
  )
  const queueOf = (jobKey: JobKey): Queue => {
    const queue = queues.get(jobKey)
    if (!queue) throw new NinesError('internal', `${jobKey} is not a job of the catalog`)
    return queue
  }

  return {
    async enqueue(jobKey, payload, options = {}) {
      const parsed = jobs[jobKey].payload.safeParse(payload)
      if (!parsed.success) throw new NinesError('invalid', `job ${jobs[jobKey].name}: ${parsed.error.message}`)
      const added = queueOf(jobKey).add(jobs[jobKey].name, parsed.data, jobOptions(jobKey, options))
      await within(added, timeoutMs, `queueing ${jobs[jobKey].name}`)
    },

    async counts() {
      const entries = await within(
        Promise.all(JOB_KEYS.map(async (jobKey) => [jobKey, await countsOf(queueOf(jobKey))] as const)),
        timeoutMs,
        'counting jobs',
      )
      return Object.fromEntries(entries) as Record<JobKey, JobCounts>
    },

    async close() {
      await Promise.allSettled([...queues.values()].map((queue) => within(queue.close(), timeoutMs, 'closing a queue')))
      connection.disconnect()
    },
  }
}

function jobOptions(jobKey: JobKey, { delayMs, jobId }: EnqueueOptions): JobsOptions {
  const { attempts, backoffMs } = jobs[jobKey]
  return {
    attempts,
    ...(backoffMs > 0 && { backoff: { type: 'exponential', delay: backoffMs, jitter: 0.5 } }),
    ...(delayMs !== undefined && delayMs > 0 && { delay: Math.ceil(delayMs) }),
    // BullMQ reserves the colon for its own ids.
    ...(jobId !== undefined && { jobId: jobId.replaceAll(':', '.') }),
    // A finished job that stayed would block the next one of its id; what happened is in PostgreSQL and the log.
    removeOnComplete: true,
    removeOnFail: true,
  }
}

async function countsOf(queue: Queue): Promise<JobCounts> {
  const counts = await queue.getJobCounts('wait', 'delayed', 'active')
  return { waiting: counts.wait ?? 0, delayed: counts.delayed ?? 0, active: counts.active ?? 0 }
}

/** Redis commands of a patient connection wait for ever; whoever asks for one here does not. */
async function within<T>(work: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NinesError('unavailable', `${what}: Redis did not answer`)), timeoutMs)
  })
  try {
    return await Promise.race([work, deadline])
  } catch (error) {
    work.catch(() => undefined)
    if (error instanceof NinesError) throw error
    throw new NinesError('unavailable', `${what}: ${messageOf(error)}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}
