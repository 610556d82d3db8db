import { messageOf } from '@nines/kernel'
import type { JobHandler } from '@nines/pipeline'
import {
  draftReview,
  findReviewSubject,
  NOT_MEASURED,
  type IncidentMeasurements,
  type ReviewSubject,
} from '@nines/records'
import { measureIncident } from '../measure-incident.ts'
import { announce, unlessGone, type WorkerContext } from '../worker-context.ts'

/** How long after the resolution a draft waits for a telemetry store that is away. */
const PATIENCE_MS = 120_000

/** A resolved incident gets the draft of its review. */
export function draftReviewJob(context: WorkerContext): JobHandler<'draftReview'> {
  return async (payload) => {
    const subject = await unlessGone(context, findReviewSubject(context.prisma, payload), payload)
    if (!subject || subject.resolvedAt === null) return
    const measured = await measure(context, subject, subject.resolvedAt)
    const drafted = await unlessGone(context, draftReview(context.prisma, payload, measured), payload)
    if (!drafted) return
    if (drafted.reviewId) context.logger.info({ reviewId: drafted.reviewId, ...payload }, 'review drafted')
    await announce(context, payload.workspaceId, drafted)
  }
}

/** Throws while waiting is worth it, so that the queue tries again; later the review is drafted with what is known. */
async function measure(
  { prisma, telemetry, logger }: WorkerContext,
  subject: ReviewSubject,
  resolvedAt: number,
): Promise<IncidentMeasurements> {
  try {
    return await measureIncident({ prisma, telemetry }, subject)
  } catch (error) {
    if (Date.now() - resolvedAt < PATIENCE_MS) throw error
    logger.warn({ reason: messageOf(error) }, 'a review is drafted without measurements')
    return NOT_MEASURED
  }
}
