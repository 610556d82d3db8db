import { alertEvidence } from '@nines/contracts'
import { alertLinkToken, channelTestText, resolvedText, type AlertFacts, type MessageContext } from '@nines/delivery'
import { newId, NinesError } from '@nines/kernel'
import type { AlertContext } from './alerts-row.ts'
import { requireChannel } from './channels.ts'
import type { Database } from './client.ts'
import { noOutcome, type MessageSettings, type Outcome } from './follow-ups.ts'
import type { PrismaClient } from './generated/client.ts'
import { databaseNow, lockedTransaction, msOrNull } from './locked-transaction.ts'

/** What a message says of an alert. */
export function alertFacts(alert: AlertContext, incident: AlertFacts['incident']): AlertFacts {
  const { service } = alert.rule.slo
  const evidence = alertEvidence.nullable().safeParse(alert.evidence).data ?? null
  return {
    id: alert.id,
    severity: alert.severity,
    state: alert.state,
    summary: alert.summary,
    firedAt: msOrNull(alert.firedAt),
    resolvedAt: msOrNull(alert.resolvedAt),
    service: { id: service.id, name: service.name, runbookUrl: service.runbookUrl },
    slo: {
      id: alert.rule.slo.id,
      name: alert.rule.slo.name,
      target: evidence?.target ?? alert.rule.slo.versions[0]?.target ?? 0,
      budgetRemaining: evidence?.budgetRemaining ?? null,
    },
    incident,
  }
}

export async function messageContext(
  tx: Database,
  workspaceId: string,
  now: number,
  settings: MessageSettings,
): Promise<MessageContext> {
  const { slug } = await tx.workspace.findUniqueOrThrow({ where: { id: workspaceId }, select: { slug: true } })
  return { workspaceSlug: slug, publicUrl: settings.publicUrl, now }
}

/** Puts a message into the outbox, due at once. */
export async function queueMessage(
  tx: Database,
  message: {
    id: string
    workspaceId: string
    channelId: string
    pageId: string | null
    eventType: string
    body: string
  },
  now: number,
): Promise<Outcome> {
  const at = new Date(now)
  await tx.outboxMessage.create({ data: { ...message, dueAt: at, createdAt: at } })
  const { workspaceId, id: messageId } = message
  return { followUps: [{ job: 'deliverWebhook', payload: { workspaceId, messageId }, delayMs: 0 }], changes: [] }
}

/** Tells every channel that a page of the alert was sent to, or at least tried on, that the alert is over. */
export async function queueResolvedMessages(
  tx: Database,
  alert: AlertContext,
  now: number,
  settings: MessageSettings,
): Promise<Outcome> {
  const pages = await tx.page.findMany({
    where: { alertId: alert.id, message: { attempts: { gt: 0 } }, channel: { disabledAt: null } },
    orderBy: { id: 'asc' },
    distinct: ['channelId'],
  })
  const outcome = noOutcome()
  if (pages.length === 0) return outcome
  const { workspaceId } = alert
  const context = await messageContext(tx, workspaceId, now, settings)
  const facts = alertFacts(alert, alert.incident && { id: alert.incident.id, number: alert.incident.number })
  for (const { channelId, responderId } of pages) {
    const link = alertLinkToken({ alertId: alert.id, workspaceId, responderId }, now, settings.secretKey)
    const body = resolvedText(context, facts, link)
    const eventType = 'alert.resolved'
    const queued = await queueMessage(
      tx,
      { id: newId('msg'), workspaceId, channelId, pageId: null, eventType, body },
      now,
    )
    outcome.followUps.push(...queued.followUps)
  }
  return outcome
}

/** Sends a test message through the outbox, the way a page goes. A disabled channel is refused (`conflict`). */
export async function queueChannelTest(
  prisma: PrismaClient,
  { workspaceId, channelId }: { workspaceId: string; channelId: string },
  settings: MessageSettings,
): Promise<Outcome & { messageId: string }> {
  return lockedTransaction(prisma, async (tx) => {
    const channel = await requireChannel(tx, workspaceId, channelId)
    if (channel.disabledAt !== null) {
      throw new NinesError('conflict', `the channel is disabled: ${channel.disabledReason ?? 'by its receiver'}`)
    }
    const now = await databaseNow(tx)
    const messageId = newId('msg')
    const body = channelTestText(await messageContext(tx, workspaceId, now, settings), channel.name)
    const message = { id: messageId, workspaceId, channelId, pageId: null, eventType: 'channel.test', body }
    return { ...(await queueMessage(tx, message, now)), messageId }
  })
}

/** Sends a message once more under its own webhook-id, whatever became of it. An unknown or foreign one is `not_found`. */
export async function replayMessage(
  prisma: PrismaClient,
  { workspaceId, messageId }: { workspaceId: string; messageId: string },
): Promise<Outcome> {
  const changed = await prisma.$executeRaw`
    update "OutboxMessage" set state = 'pending', "dueAt" = now(), "finishedAt" = null
    where id = ${messageId} and "workspaceId" = ${workspaceId}`
  if (changed === 0) throw new NinesError('not_found', 'there is no such message')
  return {
    followUps: [{ job: 'deliverWebhook', payload: { workspaceId, messageId }, delayMs: 0 }],
    changes: [{ type: 'page.changed', id: messageId }],
  }
}
