import type { IncidentSeverity, IncidentState } from '@nines/contracts'
import type { Database } from './client.ts'

/** An incident as the ledger of one SLO sees it. Instants are epoch ms. */
export interface IncidentOfSlo {
  id: string
  number: number
  title: string
  severity: IncidentSeverity
  state: IncidentState
  /** When the first of its alerts of this SLO fired; the opening where none did. */
  firedAt: number
  /** First bad minute where its timeline knows it. */
  impactAt: number | null
  /** null while it is not resolved. */
  resolvedAt: number | null
}

/** Incidents with an alert of the SLO that were not resolved before `from` and opened before `to`, by number. */
export async function incidentsOfSlo(
  db: Database,
  workspaceId: string,
  sloId: string,
  { from, to }: { from: number; to: number },
): Promise<IncidentOfSlo[]> {
  const rows = await db.incident.findMany({
    where: {
      workspaceId,
      openedAt: { lt: new Date(to) },
      OR: [{ resolvedAt: null }, { resolvedAt: { gt: new Date(from) } }],
      alerts: { some: { rule: { sloId } } },
    },
    include: {
      timeline: { where: { kind: 'impact_started' }, orderBy: { at: 'asc' }, take: 1 },
      alerts: { where: { rule: { sloId }, firedAt: { not: null } }, orderBy: { firedAt: 'asc' }, take: 1 },
    },
    orderBy: { number: 'asc' },
    take: 5000,
  })
  return rows.map(({ id, number, title, severity, state, alerts, timeline, openedAt, resolvedAt }) => ({
    id,
    number,
    title,
    severity,
    state,
    firedAt: (alerts[0]?.firedAt ?? openedAt).getTime(),
    impactAt: timeline[0]?.at.getTime() ?? null,
    resolvedAt: resolvedAt?.getTime() ?? null,
  }))
}
