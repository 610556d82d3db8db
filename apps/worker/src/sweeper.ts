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
/** Pieces of work done at once while the queue is away; deliveries mostly wait for their receivers. */
const AT_ONCE = 8
const DELIVERIES_AT_ONCE = 100

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
  const deliveries = new Set<Promise<void>>()
  while (!signal.aborted) {
    try {
      await sweep(context, runJob, deliveries)
    } catch (error) {
      context.logger.warn({ reason: messageOf(error) }, 'a sweep did not succeed')
    }
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined)
  }
  await Promise.all(deliveries)
}

async function sweep(context: WorkerContext, runJob: RunJob, deliveries: Set<Promise<void>>): Promise<void> {
  const { prisma, queue, meter, logger } = context
  const due = await dueWork(prisma)
  for (const followUp of due) meter.swept(jobs[followUp.job].name)
  const results = await Promise.allSettled(
    due.map((followUp) => queue.enqueue(followUp.job, followUp.payload, { jobId: jobIdOf(followUp, Date.now()) })),
  )
  const left = due.filter((_, i) => results[i]?.status === 'rejected')
  if (left.length === 0) return
  logger.info({ count: left.length }, 'the job queue is away: due work is done without it')
  const attempt = (followUp: FollowUp) =>
    runJob(followUp).catch((error: unknown) => logger.warn({ reason: messageOf(error) }, 'due work did not succeed'))
  // Nothing waits for receivers: one that hangs would hold up the escalation that pages somebody else.
  const others = left.filter((followUp) => followUp.job !== 'deliverWebhook')
  for (const followUp of left.filter((each) => each.job === 'deliverWebhook')) {
    if (deliveries.size >= DELIVERIES_AT_ONCE) break
    const delivery: Promise<void> = attempt(followUp).finally(() => deliveries.delete(delivery))
    deliveries.add(delivery)
  }
  for (let i = 0; i < others.length; i += AT_ONCE) await Promise.all(others.slice(i, i + AT_ONCE).map(attempt))
}

function jobIdOf({ job, payload }: FollowUp, now: number): string {
  const ids: string[] = Object.values(payload).filter((value) => typeof value === 'string')
  return ['sweep', job, ...ids, String(Math.floor(now / REPEAT_MS))].join('.')
}
