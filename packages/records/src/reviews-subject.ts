import { sliSpec, sloWindow, type Objective, type SliSpec } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import { impactsOf, type IncidentImpact } from './incident-views.ts'

/** What is to be measured in telemetry before the review of an incident is drafted. Instants are epoch ms. */
export interface ReviewSubject {
  incidentId: string
  workspaceId: string
  workspaceNumber: number
  openedAt: number
  /** null while it is not resolved. */
  resolvedAt: number | null
  /** The SLO whose alert opened the incident; null when its alerts are gone. */
  slo: (Objective & { id: string; version: number; sli: SliSpec }) | null
  /** When the first alert fired. */
  firedAt: number | null
  checkIds: string[]
  serviceId: string
  /** The SLOs of all its alerts, at their current versions. */
  slos: IncidentImpact[]
}

/** Which SLO, checks and span of time an incident is about. An unknown or foreign one is `not_found`. */
export async function findReviewSubject(
  db: Database,
  { workspaceId, incidentId }: { workspaceId: string; incidentId: string },
): Promise<ReviewSubject> {
  const incident = await db.incident.findFirst({
    where: { id: incidentId, workspaceId },
    include: {
      alerts: {
        orderBy: { firedAt: 'asc' },
        include: { rule: { include: { slo: { include: { versions: { orderBy: { version: 'desc' }, take: 1 } } } } } },
      },
      service: { include: { checks: { select: { id: true } } } },
    },
  })
  if (incident === null) throw new NinesError('not_found', 'there is no such incident')
  const { number } = await db.workspace.findUniqueOrThrow({ where: { id: workspaceId }, select: { number: true } })
  const alert = incident.alerts[0]
  const version = alert?.rule.slo.versions[0]
  return {
    workspaceNumber: number,
    openedAt: incident.openedAt.getTime(),
    resolvedAt: incident.resolvedAt?.getTime() ?? null,
    firedAt: alert?.firedAt?.getTime() ?? null,
    slo:
      alert && version
        ? {
            id: alert.rule.sloId,
            version: version.version,
            target: version.target,
            sli: sliSpec.parse(version.sli),
            window: sloWindow.parse(version.window),
          }
        : null,
    checkIds: incident.service.checks.map((check) => check.id),
    incidentId,
    workspaceId,
    serviceId: incident.serviceId,
    slos: impactsOf(incident),
  }
}
