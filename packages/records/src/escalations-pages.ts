import { alertLinkToken, pageText } from '@nines/delivery'
import { pageCreated, targetUnreachable } from '@nines/incidents'
import { newId } from '@nines/kernel'
import type { EscalationPosition } from '@nines/oncall'
import type { AlertContext } from './alerts-row.ts'
import type { Database } from './client.ts'
import type { Recipient, ResolvedStep } from './escalations-recipients.ts'
import { noOutcome, type MessageSettings, type Outcome } from './follow-ups.ts'
import type { Escalation } from './generated/client.ts'
import { recordTimeline } from './incidents-timeline.ts'
import { alertFacts, messageContext, queueMessage } from './outbox-messages.ts'

/** A due step of an escalation whose rows are locked. */
export interface StepContext {
  alert: AlertContext
  escalation: Escalation
  incidentId: string
  now: number
  settings: MessageSettings
}

/** Pages whom a step reaches: a page, a message and a timeline event each, and a word on whom it did not reach. */
export async function createPages(
  tx: Database,
  context: StepContext,
  at: EscalationPosition,
  resolved: ResolvedStep,
): Promise<Outcome> {
  const { alert, escalation, incidentId, now } = context
  const outcome = noOutcome()
  for (const recipient of resolved.recipients) {
    const one = await createPage(tx, context, at, recipient)
    outcome.followUps.push(...one.followUps)
    outcome.changes.push(...one.changes)
  }
  const moment = { escalationId: escalation.id, alertId: alert.id, ...at, at: now }
  const missed = resolved.unreachable.map((u) => targetUnreachable(moment, u.target, u.reason))
  await recordTimeline(tx, alert.workspaceId, incidentId, missed)
  return outcome
}

async function createPage(
  tx: Database,
  { alert, escalation, incidentId, now, settings }: StepContext,
  { step, round }: EscalationPosition,
  recipient: Recipient,
): Promise<Outcome> {
  const { workspaceId, id: alertId } = alert
  const { channelId, channelName, responder, reason } = recipient
  const dedupeKey = `${escalation.id}:${round}:${step}:${channelId}:${responder?.id ?? '-'}`
  if ((await tx.page.count({ where: { dedupeKey } })) > 0) return noOutcome()

  const pageId = newId('pag')
  const responderId = responder?.id ?? null
  const responderName = responder?.name ?? null
  await tx.page.create({
    data: {
      id: pageId,
      workspaceId,
      alertId,
      escalationId: escalation.id,
      step,
      round,
      responderId,
      responderName,
      channelId,
      reason,
      createdAt: new Date(now),
      dedupeKey,
    },
  })
  const link = alertLinkToken({ alertId, workspaceId, responderId }, now, settings.secretKey)
  const incident = alert.incident && { id: alert.incident.id, number: alert.incident.number }
  const body = pageText(
    await messageContext(tx, workspaceId, now, settings),
    alertFacts(alert, incident),
    { id: pageId, step, round, responder, reason },
    link,
  )
  const message = { id: newId('msg'), workspaceId, channelId, pageId, eventType: 'page.created', body }
  const queued = await queueMessage(tx, message, now)
  const page = { id: pageId, alertId, step, round, responderName, channelName, reason, at: now }
  await recordTimeline(tx, workspaceId, incidentId, [pageCreated(page)])
  return { followUps: queued.followUps, changes: [{ type: 'page.changed', id: pageId }] }
}
