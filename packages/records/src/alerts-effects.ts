import type { AlertEffect, ResolvedBy } from '@nines/alerting'
import { escalationTarget, type EscalationSnapshot } from '@nines/contracts'
import { alertAcknowledged, alertResolved, transitionIncident, type Actor } from '@nines/incidents'
import { newId } from '@nines/kernel'
import type { AlertContext } from './alerts-row.ts'
import { activeSilences } from './alerts-silences.ts'
import type { Database } from './client.ts'
import { noOutcome, type MessageSettings, type Outcome } from './follow-ups.ts'
import { incidentMachineOf, lockIncident } from './incidents-row.ts'
import { settleIncident } from './incidents-settle.ts'
import { recordTimeline } from './incidents-timeline.ts'
import { dateOrNull, msOrNull } from './locked-transaction.ts'
import { queueResolvedMessages } from './outbox-messages.ts'

/** Whoever is nobody: conditions, timers, policies. */
export const SYSTEM_ACTOR: Actor = { id: null, name: null, via: null }

export interface EffectInput {
  /** Locked, and as the transition left it. */
  alert: AlertContext
  effects: readonly AlertEffect[]
  actor: Actor
  now: number
  settings: MessageSettings
}

/** Does in the transaction what a transition asked for, and says what is to be done after the commit. */
export async function applyEffects(tx: Database, input: EffectInput): Promise<Outcome> {
  const { alert, effects, now } = input
  const outcome = noOutcome()
  const { workspaceId, id: alertId } = alert
  for (const effect of effects) {
    if (effect.kind === 'fired') join(outcome, await onFired(tx, input))
    if (effect.kind === 'acknowledged') join(outcome, await onAcknowledged(tx, input))
    if (effect.kind === 'resolved') join(outcome, await onResolved(tx, input, effect.by))
  }
  const dueAt = msOrNull(alert.dueAt)
  if (dueAt !== null) {
    outcome.followUps.push({ job: 'wakeAlert', payload: { workspaceId, alertId }, delayMs: Math.max(0, dueAt - now) })
  }
  if (effects.some((effect) => effect.kind !== 'ignored')) outcome.changes.push({ type: 'alert.changed', id: alertId })
  return outcome
}

function join(outcome: Outcome, more: Outcome): void {
  outcome.followUps.push(...more.followUps)
  outcome.changes.push(...more.changes)
}

/** Only critical alerts page and open incidents; the others are shown. */
async function onFired(tx: Database, { alert, now }: EffectInput): Promise<Outcome> {
  if (alert.severity !== 'critical') return noOutcome()
  const { workspaceId, id: alertId } = alert
  const silences = await activeSilences(tx, alert, now)
  if (silences.length > 0) {
    await tx.alert.update({ where: { id: alertId }, data: { silencedBy: silences.map((s) => s.id) } })
  }
  const outcome: Outcome = {
    followUps: [{ job: 'openIncident', payload: { workspaceId, alertId }, delayMs: 0 }],
    changes: [],
  }
  const snapshot = await policySnapshot(tx, alert)
  if (snapshot !== null) {
    const escalationId = newId('esc')
    const startedAt = new Date(now)
    await tx.escalation.create({
      data: { id: escalationId, workspaceId, alertId, snapshot, dueAt: startedAt, startedAt },
    })
    outcome.followUps.unshift({ job: 'stepEscalation', payload: { workspaceId, escalationId }, delayMs: 0 })
  }
  return outcome
}

async function onAcknowledged(tx: Database, { alert, actor, now }: EffectInput): Promise<Outcome> {
  await stopPaging(tx, alert.id, now)
  if (alert.incidentId === null) return noOutcome()
  await recordTimeline(tx, alert.workspaceId, alert.incidentId, [alertAcknowledged({ id: alert.id, at: now }, actor)])
  const incident = await lockIncident(tx, alert.workspaceId, alert.incidentId)
  const { machine } = transitionIncident(incidentMachineOf(incident), { kind: 'acknowledged' }, now)
  await tx.incident.update({ where: { id: incident.id }, data: { acknowledgedAt: dateOrNull(machine.acknowledgedAt) } })
  return { followUps: [], changes: [{ type: 'incident.changed', id: alert.incidentId }] }
}

async function onResolved(
  tx: Database,
  { alert, actor, now, settings }: EffectInput,
  by: ResolvedBy,
): Promise<Outcome> {
  await stopPaging(tx, alert.id, now)
  const outcome = noOutcome()
  join(outcome, await queueResolvedMessages(tx, alert, now, settings))
  if (alert.incidentId !== null) {
    const resolved = alertResolved({ id: alert.id, at: now }, by, actor)
    await recordTimeline(tx, alert.workspaceId, alert.incidentId, [resolved])
    join(outcome, await settleIncident(tx, alert.workspaceId, alert.incidentId, now))
  }
  return outcome
}

/** Ends the escalation and withdraws pages that wait to be sent. One being sent right now arrives all the same. */
async function stopPaging(tx: Database, alertId: string, now: number): Promise<void> {
  const finishedAt = new Date(now)
  await tx.escalation.updateMany({
    where: { alertId, state: 'running' },
    data: { state: 'stopped', dueAt: null, stoppedAt: finishedAt, version: { increment: 1 } },
  })
  await tx.outboxMessage.updateMany({
    where: { page: { alertId }, state: 'pending' },
    data: { state: 'cancelled', dueAt: null, finishedAt },
  })
}

/** The rule's policy, else the service's, as it is now; null when there is none with a step. */
async function policySnapshot(tx: Database, alert: AlertContext): Promise<EscalationSnapshot | null> {
  const policyId = alert.rule.escalationPolicyId ?? alert.rule.slo.service.escalationPolicyId
  if (policyId === null) return null
  const policy = await tx.escalationPolicy.findFirst({
    where: { id: policyId, workspaceId: alert.workspaceId },
    include: { steps: { orderBy: { position: 'asc' } } },
  })
  if (policy === null || policy.steps.length === 0) return null
  return {
    policyId: policy.id,
    name: policy.name,
    repeatCount: policy.repeatCount,
    steps: policy.steps.map((step) => ({
      delaySeconds: step.delaySeconds,
      targets: escalationTarget.array().parse(step.targets),
    })),
  }
}
