import { webhookHeaders } from '@nines/delivery'
import type { JobHandler } from '@nines/pipeline'
import { claimMessage, finishAttempt } from '@nines/records'
import { announce, type WorkerContext } from '../worker-context.ts'

/**
 * One attempt at a message. A crash between sending and recording leaves the lease to run out, and the message is sent
 * again under the same webhook-id.
 */
export function deliverWebhookJob(context: WorkerContext): JobHandler<'deliverWebhook'> {
  return async (payload) => {
    const { prisma, sender, settings, meter, logger } = context
    const claimed = await claimMessage(prisma, payload, settings)
    if (claimed === null) return
    const { id, body, url, allowPrivate, secrets } = claimed
    const headers = webhookHeaders({ id, timestampSeconds: Math.floor(Date.now() / 1000), body, secrets })
    const attempt = await sender.send({ url, allowPrivate, body, headers })
    const outcome = await finishAttempt(prisma, claimed, attempt, Math.random())
    const { outcome: result, statusCode, error, durationMs } = attempt
    logger.info({ messageId: id, attempt: claimed.attempt, result, statusCode, error, durationMs }, 'webhook sent')
    meter.delivery(result, claimed.eventType, claimed.claimedAt + durationMs - claimed.createdAt)
    await announce(context, payload.workspaceId, outcome)
  }
}
