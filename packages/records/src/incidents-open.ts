import { alertTitle } from '@nines/contracts'
import {
  alertAcknowledged,
  alertFired,
  alertResolved,
  incidentOpened,
  incidentSeverityOf,
  nobodyToPage,
  type Actor,
  type TimelineDraft,
} from '@nines/incidents'
import { newId } from '@nines/kernel'
import { isRetireReason } from './alerts-retire.ts'
import { conditionOf, lockAlert, type AlertContext } from './alerts-row.ts'
import { recordCrossingsBefore } from './budget-on-incidents.ts'
import { recordChangesBefore } from './changes-on-incidents.ts'
import type { Database } from './client.ts'
import { noOutcome, type Outcome } from './follow-ups.ts'
import type { Incident, PrismaClient } from './generated/client.ts'
import { lockIncident } from './incidents-row.ts'
import { settleIncident } from './incidents-settle.ts'
import { recordTimeline } from './incidents-timeline.ts'
import { databaseNow, lockedTransaction, msOrNull } from './locked-transaction.ts'
import { loadUserRefs } from './user-refs.ts'

export interface OpenIncidentOutcome extends Outcome {
  /** null when the alert is none that opens incidents. */
  incidentId: string | null
}

/**
 * Opens the incident of a critical alert that fired, or joins the one its service has open, and writes what is known so
 * far on the timeline. However often it runs, there is one incident.
 */
export async function openIncidentForAlert(
  prisma: PrismaClient,
  { workspaceId, alertId }: { workspaceId: string; alertId: string },
): Promise<OpenIncidentOutcome> {
  return lockedTransaction(prisma, async (tx) => {
    const alert = await lockAlert(tx, workspaceId, alertId)
    const opened = await ensureIncident(tx, alert)
    if (opened.incidentId === null || alert.state !== 'resolved') return opened
    // It was over before its incident was opened.
    const settled = await settleIncident(tx, workspaceId, opened.incidentId, await databaseNow(tx))
    return { ...opened, followUps: settled.followUps }
  })
}

/** The incident of a locked alert, opened or joined now where it has none. */
export async function ensureIncident(tx: Database, alert: AlertContext): Promise<OpenIncidentOutcome> {
  if (alert.incidentId !== null) return { ...noOutcome(), incidentId: alert.incidentId }
  if (alert.severity !== 'critical' || alert.firedAt === null) return { ...noOutcome(), incidentId: null }
  const incident = await joinOrOpen(tx, alert, alert.firedAt)
  await tx.alert.update({ where: { id: alert.id }, data: { incidentId: incident.id } })
  await recordTimeline(tx, alert.workspaceId, incident.id, await historyOf(tx, alert))
  await recordCrossingsBefore(tx, incident.id, alert)
  return { followUps: [], changes: [{ type: 'incident.changed', id: incident.id }], incidentId: incident.id }
}

async function joinOrOpen(tx: Database, alert: AlertContext, firedAt: Date): Promise<Incident> {
  const { workspaceId } = alert
  const { slo } = alert.rule
  // The workspace row makes openings take turns; with it the number is counted.
  await tx.$queryRaw`select id from "Workspace" where id = ${workspaceId} for no key update`
  const [open] = await tx.$queryRaw<{ id: string }[]>`
    select id from "Incident" where "openKey" = ${slo.serviceId} and "workspaceId" = ${workspaceId} for no key update`
  if (open) return lockIncident(tx, workspaceId, open.id)

  const workspace = await tx.workspace.update({
    where: { id: workspaceId },
    data: { incidentCounter: { increment: 1 } },
  })
  const incident = await tx.incident.create({
    data: {
      id: newId('inc'),
      workspaceId,
      number: workspace.incidentCounter,
      title: titleOf(alert),
      severity: incidentSeverityOf(alert.severity, slo.service.tier),
      serviceId: slo.serviceId,
      openedAt: firedAt,
      acknowledgedAt: alert.acknowledgedAt,
      openKey: slo.serviceId,
    },
  })
  const { id, number, severity } = incident
  await recordTimeline(tx, workspaceId, id, [
    incidentOpened({ id, number, severity, alertId: alert.id, at: firedAt.getTime() }),
  ])
  await recordChangesBefore(tx, incident)
  return incident
}

function titleOf(alert: AlertContext): string {
  const { slo } = alert.rule
  const what = conditionOf(alert).kind === 'absence' ? 'is not measured' : 'burns its error budget'
  return `${alertTitle(slo.service.name, slo.name)} ${what}`
}

/** What happened to an alert before it had an incident. Pages come after: a step opens the incident first. */
async function historyOf(tx: Database, alert: AlertContext): Promise<TimelineDraft[]> {
  const { id, summary, severity } = alert
  const users = await loadUserRefs(tx, [alert.acknowledgedById, alert.resolvedById])
  const actor = (userId: string | null, via: string | null): Actor => ({
    id: userId,
    name: userId === null ? null : (users.get(userId)?.name ?? null),
    via,
  })
  const [firedAt, acknowledgedAt, resolvedAt] = [alert.firedAt, alert.acknowledgedAt, alert.resolvedAt].map(msOrNull)
  const drafts: TimelineDraft[] = []
  if (firedAt) {
    drafts.push(alertFired({ id, summary, severity, at: firedAt }))
    const escalations = await tx.escalation.count({ where: { alertId: id } })
    if (escalations === 0) drafts.push(nobodyToPage({ id, at: firedAt }))
  }
  if (acknowledgedAt) {
    drafts.push(alertAcknowledged({ id, at: acknowledgedAt }, actor(alert.acknowledgedById, alert.acknowledgedVia)))
  }
  if (resolvedAt) {
    const by = alert.resolvedVia === null ? 'condition' : isRetireReason(alert.resolvedVia) ? 'rule' : 'person'
    drafts.push(alertResolved({ id, at: resolvedAt }, by, actor(alert.resolvedById, alert.resolvedVia)))
  }
  return drafts
}
