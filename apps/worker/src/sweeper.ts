import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '@nines/kernel'
import { jobs } from '@nines/pipeline'
import { dueWork, type FollowUp } from '@nines/records'
import type { WorkerContext } from './worker-context.ts'

/** How often due rows are looked for: the most that a page is late when the queue has lost everything. */
const INTERVAL_MS = 2_000
/**
 * A piece of due work is enqueued by the sweepers at most once in this time. Not longer: a job of a process that died
 * stays in the queue until its lock has run out, and must not keep another from being enqueued.
 */
const REPEAT_MS = 4_000
/** Pieces of work done at once while the queue is away. */
const AT_ONCE = 8

export interface Sweeper {
  stop(): Promise<void>
}

/** Does a job here and now. */
export type RunJob = (followUp: FollowUp) => Promise<void>

/**
 * Finds what the queue lost, or never got, and enqueues it. While Redis is away it does the work itself, so that an
 * escalation under way goes on without the queue. Every replica runs one; together they are harmless.
 */
export function startSweeper(context: WorkerContext, runJob: RunJob, intervalMs = INTERVAL_MS): Sweeper {
  const stopping = new AbortController()
  const running = run(context, runJob, intervalMs, stopping.signal)
  return {
    stop() {
      stopping.abort()
      return running
    },
  }
}

async function run(context: WorkerContext, runJob: RunJob, intervalMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await sweep(context, runJob)
    } catch (error) {
      context.logger.warn({ reason: messageOf(error) }, 'a sweep did not succeed')
    }
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined)
  }
}

async function sweep({ prisma, queue, meter, logger }: WorkerContext, runJob: RunJob): Promise<void> {
  const due = await dueWork(prisma)
  for (const followUp of due) meter.swept(jobs[followUp.job].name)
  const results = await Promise.allSettled(
    due.map((followUp) => queue.enqueue(followUp.job, followUp.payload, { jobId: jobIdOf(followUp, Date.now()) })),
  )
  const left = due.filter((_, i) => results[i]?.status === 'rejected')
  if (left.length === 0) return
  logger.info({ count: left.length }, 'the job queue is away: due work is done without it')
  for (let i = 0; i < left.length; i += AT_ONCE) {
    const done = await Promise.allSettled(left.slice(i, i + AT_ONCE).map(runJob))
    for (const result of done) {
      if (result.status === 'rejected') logger.warn({ reason: messageOf(result.reason) }, 'due work did not succeed')
    }
  }
}

function jobIdOf({ job, payload }: FollowUp, now: number): string {
  const ids: string[] = Object.values(payload).filter((value) => typeof value === 'string')
  return ['sweep', job, ...ids, String(Math.floor(now / REPEAT_MS))].join('.')
}
