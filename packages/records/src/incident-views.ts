import {
  sliSpec,
  timelineKind,
  type IncidentDetail,
  type IncidentDto,
  type Objective,
  type SliSpec,
  type TimelineEntry,
} from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import type { Prisma, TimelineEvent } from './generated/client.ts'
import { instantOf, instantOrNull } from './instants.ts'
import { objectivesOf } from './slo-objectives.ts'
import { loadUserRefs, userRefOf, type UserRef } from './user-refs.ts'

/** The SLO whose budgets an incident spends: what `budgetSpent` is computed from. */
export interface IncidentImpact extends Objective {
  furtherObjectives: Objective[]
  sloId: string
  sloName: string
  version: number
  sli: SliSpec
}

/** An incident as PostgreSQL knows it; the budget it spent comes from the slices of the SLOs in `impacts`. */
export interface StoredIncident extends Omit<IncidentDto, 'budgetSpent'> {
  workspaceId: string
  impacts: IncidentImpact[]
  /** First bad minute where the timeline knows it, else the opening; epoch ms. */
  impactAt: number
}
export type StoredIncidentDetail = StoredIncident & Pick<IncidentDetail, 'alerts' | 'timeline'>

const SHOWN = 500
const withContext = {
  service: { select: { id: true, slug: true, name: true } },
  review: { select: { id: true } },
  timeline: { where: { kind: 'impact_started' }, orderBy: { at: 'asc' }, take: 1 },
  alerts: {
    orderBy: { id: 'asc' },
    include: {
      rule: {
        select: {
          sloId: true,
          slo: { select: { name: true, versions: { orderBy: { version: 'desc' }, take: 1 } } },
        },
      },
    },
  },
} as const
type IncidentRow = Prisma.IncidentGetPayload<{ include: typeof withContext }>

/** Incidents of a workspace, newest first; `open` includes mitigated ones. */
export async function listIncidents(
  db: Database,
  workspaceId: string,
  state: 'open' | 'resolved' | 'all',
): Promise<StoredIncident[]> {
  const rows = await db.incident.findMany({
    where: {
      workspaceId,
      ...(state === 'open' && { state: { not: 'resolved' } }),
      ...(state === 'resolved' && { state: 'resolved' }),
    },
    include: withContext,
    orderBy: { number: 'desc' },
    take: SHOWN,
  })
  const users = await loadUserRefs(
    db,
    rows.map((row) => row.commanderId),
  )
  return rows.map((row) => toStoredIncident(row, users))
}

/** An incident with its alerts and its timeline, oldest entry first. */
export async function getIncident(db: Database, workspaceId: string, id: string): Promise<StoredIncidentDetail> {
  const row = await db.incident.findFirst({ where: { id, workspaceId }, include: withContext })
  if (row === null) throw new NinesError('not_found', 'there is no such incident')
  const users = await loadUserRefs(db, [row.commanderId])
  return {
    ...toStoredIncident(row, users),
    alerts: row.alerts.map((alert) => ({
      id: alert.id,
      summary: alert.summary,
      severity: alert.severity,
      state: alert.state,
      sloId: alert.rule.sloId,
      sloName: alert.rule.slo.name,
      firedAt: instantOrNull(alert.firedAt),
    })),
    timeline: await listTimeline(db, workspaceId, id),
  }
}

/** The timeline of an incident in the order in which things happened. */
export async function listTimeline(db: Database, workspaceId: string, incidentId: string): Promise<TimelineEntry[]> {
  const rows = await db.timelineEvent.findMany({
    where: { workspaceId, incidentId },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  })
  return rows.map(toTimelineEntry)
}

/** How many incidents of each service are not resolved. */
export async function countOpenIncidents(db: Database, workspaceId: string): Promise<Map<string, number>> {
  const rows = await db.incident.groupBy({
    by: ['serviceId'],
    where: { workspaceId, state: { not: 'resolved' } },
    _count: true,
  })
  return new Map(rows.map((row) => [row.serviceId, row._count]))
}

export function toTimelineEntry(row: TimelineEvent): TimelineEntry {
  return {
    id: row.id,
    kind: timelineKind.parse(row.kind),
    at: row.at.getTime(),
    recordedAt: row.recordedAt.getTime(),
    summary: row.summary,
    actorName: row.actorName,
    data: typeof row.data === 'object' && row.data !== null && !Array.isArray(row.data) ? row.data : {},
  }
}

function toStoredIncident(row: IncidentRow, users: Map<string, UserRef>): StoredIncident {
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    number: row.number,
    title: row.title,
    severity: row.severity,
    state: row.state,
    service: row.service,
    commander: row.commanderId === null ? null : userRefOf(users, row.commanderId),
    openedAt: instantOf(row.openedAt),
    acknowledgedAt: instantOrNull(row.acknowledgedAt),
    mitigatedAt: instantOrNull(row.mitigatedAt),
    resolvedAt: instantOrNull(row.resolvedAt),
    reviewId: row.review?.id ?? null,
    impacts: impactsOf(row),
    impactAt: Math.min(row.openedAt.getTime(), ...row.timeline.map((event) => event.at.getTime())),
  }
}

/** The SLOs of the alerts of an incident, each once. */
export function impactsOf(row: Pick<IncidentRow, 'alerts'>): IncidentImpact[] {
  const impacts = new Map<string, IncidentImpact>()
  for (const { rule } of row.alerts) {
    const [version] = rule.slo.versions
    if (version === undefined) continue
    const sli = sliSpec.parse(version.sli)
    const { sloId, slo } = rule
    impacts.set(sloId, { sloId, sloName: slo.name, version: version.version, sli, ...objectivesOf(version) })
  }
  return [...impacts.values()]
}
