import { webhookHeaders } from '@nines/delivery'
import type { JobHandler } from '@nines/pipeline'
import { claimMessage, findWaitingMessage, finishAttempt, postponeMessage, type ClaimedMessage } from '@nines/records'
import { ChannelTurns } from '../channel-turns.ts'
import { announce, type WorkerContext } from '../worker-context.ts'

/**
 * One attempt at a message, as soon as it is its channel's turn. A crash between sending and recording leaves the lease
 * to run out, and the message is sent again under the same webhook-id.
 */
export function deliverWebhookJob(context: WorkerContext): JobHandler<'deliverWebhook'> {
  const { prisma, settings } = context
  const turns = new ChannelTurns()
  return async (payload) => {
    const waiting = await findWaitingMessage(prisma, payload)
    if (waiting === null) return
    const refused = turns.enter(waiting.channelId, Math.random())
    if (refused !== null) {
      await announce(context, payload.workspaceId, await postponeMessage(prisma, payload, refused.waitMs))
      return
    }
    let durationMs: number | null = null
    try {
      const claimed = await claimMessage(prisma, payload, settings)
      if (claimed !== null) durationMs = await attemptIt(context, claimed)
    } finally {
      turns.leave(waiting.channelId, durationMs)
    }
  }
}

/** Sends and records; answers how long the receiver took, in milliseconds. */
async function attemptIt(context: WorkerContext, claimed: ClaimedMessage): Promise<number> {
  const { prisma, sender, meter, logger } = context
  const { id, body, url, allowPrivate, secrets } = claimed
  const headers = webhookHeaders({ id, timestampSeconds: Math.floor(Date.now() / 1000), body, secrets })
  const attempt = await sender.send({ url, allowPrivate, body, headers })
  const outcome = await finishAttempt(prisma, claimed, attempt, Math.random())
  const { outcome: result, statusCode, error, durationMs } = attempt
  logger.info({ messageId: id, attempt: claimed.attempt, result, statusCode, error, durationMs }, 'webhook sent')
  meter.delivery(result, claimed.eventType, claimed.claimedAt + durationMs - claimed.createdAt)
  await announce(context, claimed.workspaceId, outcome)
  return durationMs
}
