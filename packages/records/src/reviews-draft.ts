import { alertEvidence, type IncidentBudget } from '@nines/contracts'
import { impactStarted } from '@nines/incidents'
import { newId } from '@nines/kernel'
import { draftReview as composeReview, type CheckEvidence, type ReviewEvidence } from '@nines/reviews'
import type { Database } from './client.ts'
import { noOutcome, type Outcome } from './follow-ups.ts'
import type { Incident, Prisma, PrismaClient } from './generated/client.ts'
import { listTimeline } from './incident-views.ts'
import { lockIncident } from './incidents-row.ts'
import { recordTimeline } from './incidents-timeline.ts'
import { lockedTransaction, msOrNull } from './locked-transaction.ts'

/** What telemetry says of an incident; PostgreSQL does not know it. */
export interface IncidentMeasurements {
  /** First bad minute, epoch ms. */
  impactAt: number | null
  /** What it spent of the budgets of its SLOs. */
  budgets: IncidentBudget[]
  /** Runs of the service's checks during the incident, by check id. */
  checkRuns: ReadonlyMap<string, NonNullable<CheckEvidence['runs']>>
}

/** Where telemetry has not been asked, or could not answer. */
export const NOT_MEASURED: IncidentMeasurements = { impactAt: null, budgets: [], checkRuns: new Map() }

/**
 * Drafts the review of a resolved incident from its records and measurements. One review an incident: where there is one
 * it is left as its authors made it, and an incident that is not resolved gets none yet. Both answer null.
 */
export async function draftReview(
  prisma: PrismaClient,
  { workspaceId, incidentId }: { workspaceId: string; incidentId: string },
  measured: IncidentMeasurements = NOT_MEASURED,
): Promise<Outcome & { reviewId: string | null }> {
  return lockedTransaction(prisma, async (tx) => {
    const incident = await lockIncident(tx, workspaceId, incidentId)
    const existing = await tx.review.count({ where: { incidentId } })
    if (incident.state !== 'resolved' || existing > 0) return { ...noOutcome(), reviewId: null }
    const evidence = await gatherEvidence(tx, incident, measured)
    const { sections, ...draft } = composeReview(evidence)
    const reviewId = newId('rev')
    await tx.review.create({
      data: { ...draft, id: reviewId, workspaceId, incidentId, sections },
    })
    return {
      reviewId,
      followUps: [],
      changes: [
        { type: 'review.changed', id: reviewId },
        { type: 'incident.changed', id: incidentId },
      ],
    }
  })
}

const forEvidence = {
  rule: { include: { slo: { include: { versions: { orderBy: { version: 'desc' }, take: 1 } } } } },
  escalation: { select: { snapshot: true } },
  pages: {
    orderBy: { id: 'asc' },
    include: { message: { include: { deliveries: { orderBy: { attempt: 'asc' } } } } },
  },
} as const satisfies Prisma.AlertInclude
type AlertRow = Prisma.AlertGetPayload<{ include: typeof forEvidence }>

async function gatherEvidence(
  tx: Database,
  incident: Incident,
  measured: IncidentMeasurements,
): Promise<ReviewEvidence> {
  const { workspaceId, id: incidentId, serviceId } = incident
  const alerts = await tx.alert.findMany({
    where: { incidentId, workspaceId },
    include: forEvidence,
    orderBy: { firedAt: 'asc' },
  })
  if (measured.impactAt !== null && alerts[0]) {
    const draft = impactStarted(incidentId, measured.impactAt, alerts[0].rule.slo.name)
    await recordTimeline(tx, workspaceId, incidentId, [draft])
  }
  const service = await tx.service.findUniqueOrThrow({ where: { id: serviceId } })
  const checks = await tx.check.findMany({ where: { serviceId, workspaceId }, orderBy: { name: 'asc' } })
  return {
    incident: {
      number: incident.number,
      title: incident.title,
      severity: incident.severity,
      openedAt: incident.openedAt.getTime(),
      acknowledgedAt: msOrNull(incident.acknowledgedAt),
      mitigatedAt: msOrNull(incident.mitigatedAt),
      resolvedAt: msOrNull(incident.resolvedAt),
    },
    service: { name: service.name, runbookUrl: service.runbookUrl },
    impactAt: measured.impactAt,
    budgets: measured.budgets,
    alerts: alerts.map(evidenceOfAlert),
    policyName: alerts.map(policyName).find((name) => name !== null) ?? null,
    pages: alerts.flatMap(pageEvidence),
    checks: checks.map(({ id, name, enabled }) => ({ name, enabled, runs: measured.checkRuns.get(id) ?? null })),
    timeline: await listTimeline(tx, workspaceId, incidentId),
  }
}

function evidenceOfAlert(alert: AlertRow): ReviewEvidence['alerts'][number] {
  return {
    summary: alert.summary,
    ruleName: alert.rule.name,
    sloName: alert.rule.slo.name,
    severity: alert.severity,
    firedAt: msOrNull(alert.firedAt),
    acknowledgedAt: msOrNull(alert.acknowledgedAt),
    resolvedAt: msOrNull(alert.resolvedAt),
    firedEvidence: alertEvidence.nullable().safeParse(alert.firedEvidence).data ?? null,
    silenced: alert.silencedBy.length > 0,
  }
}

function policyName({ escalation }: AlertRow): string | null {
  const snapshot = escalation?.snapshot
  const name = typeof snapshot === 'object' && snapshot !== null && !Array.isArray(snapshot) ? snapshot.name : null
  return typeof name === 'string' ? name : null
}

function pageEvidence({ pages }: AlertRow): ReviewEvidence['pages'] {
  return pages.map(({ step, round, createdAt, message }) => ({
    step,
    round,
    createdAt: createdAt.getTime(),
    deliveries: (message?.deliveries ?? []).map(({ startedAt, succeeded, error }) => ({
      at: startedAt.getTime(),
      succeeded,
      error,
    })),
  }))
}
