import { retryDelayMs, type WebhookAttempt } from '@nines/delivery'
import { deliveryFailed, deliverySucceeded } from '@nines/incidents'
import { newId } from '@nines/kernel'
import type { Database } from './client.ts'
import type { Outcome } from './follow-ups.ts'
import type { Prisma, PrismaClient } from './generated/client.ts'
import { recordTimeline } from './incidents-timeline.ts'
import { databaseNow, lockedTransaction } from './locked-transaction.ts'
import type { ClaimedMessage } from './outbox-claim.ts'

const withPage = { channel: true, page: { include: { alert: true } } } as const
type MessageRow = Prisma.OutboxMessageGetPayload<{ include: typeof withPage }>

/**
 * Records an attempt and what follows from it: delivered, tried again later, given up after a day, or the channel
 * disabled because its receiver is gone. A page withdrawn meanwhile stays withdrawn unless it was delivered.
 *
 * @param random uniform in [0, 1), spreads retries
 */
export async function finishAttempt(
  prisma: PrismaClient,
  claimed: ClaimedMessage,
  attempt: WebhookAttempt,
  random: number,
): Promise<Outcome> {
  return lockedTransaction(prisma, async (tx) => {
    const { id: messageId, workspaceId } = claimed
    await lockAlertOf(tx, messageId)
    await tx.$queryRaw`select id from "OutboxMessage" where id = ${messageId} for no key update`
    const message = await tx.outboxMessage.findFirstOrThrow({ where: { id: messageId }, include: withPage })
    const now = await databaseNow(tx)
    await tx.delivery.create({
      data: {
        id: newId('dlv'),
        workspaceId,
        messageId,
        attempt: claimed.attempt,
        startedAt: new Date(claimed.claimedAt),
        durationMs: attempt.durationMs,
        statusCode: attempt.statusCode,
        error: attempt.error,
        responseSnippet: attempt.responseSnippet,
        succeeded: attempt.outcome === 'delivered',
      },
    })
    const delayMs = delayAfter(message, claimed, attempt, now, random)
    await settleMessage(tx, message, attempt, delayMs, now)
    if (attempt.outcome === 'gone') await disableChannel(tx, message, attempt.error ?? 'gone', now)
    await note(tx, message, claimed.attempt, attempt, delayMs === null, now)
    return {
      followUps: delayMs === null ? [] : [{ job: 'deliverWebhook', payload: { workspaceId, messageId }, delayMs }],
      changes: [{ type: 'page.changed', id: message.pageId ?? messageId }],
    }
  })
}

/** Until when a finishing attempt and an alert's end wait for each other: alert first, as everywhere. */
async function lockAlertOf(tx: Database, messageId: string): Promise<void> {
  await tx.$queryRaw`
    select a.id from "Alert" a join "Page" p on p."alertId" = a.id join "OutboxMessage" m on m."pageId" = p.id
    where m.id = ${messageId} for share of a`
}

/** Wait before the next attempt; null when there is none. */
function delayAfter(
  message: MessageRow,
  claimed: ClaimedMessage,
  attempt: WebhookAttempt,
  now: number,
  random: number,
): number | null {
  if (attempt.outcome !== 'failed' || message.state !== 'pending' || message.channel.disabledAt !== null) return null
  const { retryAfterSeconds } = attempt
  const ageMs = now - message.createdAt.getTime()
  return retryDelayMs({ attempts: claimed.attempt, ageMs, retryAfterSeconds, random })
}

async function settleMessage(
  tx: Database,
  message: MessageRow,
  attempt: WebhookAttempt,
  delayMs: number | null,
  now: number,
): Promise<void> {
  const delivered = attempt.outcome === 'delivered'
  const state = delivered ? 'delivered' : message.state === 'pending' && delayMs === null ? 'failed' : message.state
  const waits = state === 'pending'
  await tx.outboxMessage.update({
    where: { id: message.id },
    data: {
      state,
      leaseUntil: null,
      dueAt: waits && delayMs !== null ? new Date(now + delayMs) : null,
      finishedAt: waits ? null : (message.finishedAt ?? new Date(now)),
    },
  })
}

/** The receiver answered 410: it gets no more, and what waits for it fails. */
async function disableChannel(tx: Database, message: MessageRow, reason: string, now: number): Promise<void> {
  const at = new Date(now)
  await tx.channel.updateMany({
    where: { id: message.channelId, disabledAt: null },
    data: { disabledAt: at, disabledReason: reason },
  })
}

async function note(
  tx: Database,
  message: MessageRow,
  attemptNumber: number,
  attempt: WebhookAttempt,
  final: boolean,
  now: number,
): Promise<void> {
  const incidentId = message.page?.alert.incidentId
  if (!incidentId) return
  const { id: messageId, pageId, workspaceId } = message
  const facts = { messageId, pageId, channelName: message.channel.name, attempt: attemptNumber, at: now }
  const draft =
    attempt.outcome === 'delivered'
      ? deliverySucceeded(facts)
      : deliveryFailed({ ...facts, error: attempt.error ?? 'unknown', final: final && message.state === 'pending' })
  await recordTimeline(tx, workspaceId, incidentId, [draft])
}
