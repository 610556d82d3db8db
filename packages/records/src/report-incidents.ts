import { NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import type { IncidentOfSlo } from './incidents-of-slo.ts'

/** An incident with an alert of an SLO, as it was known. Instants are epoch ms. */
export interface ReportIncident extends IncidentOfSlo {
  openedAt: number
  acknowledgedAt: number | null
}

/** More than this is a report over too much. */
const MOST = 20_000

/**
 * Incidents of a workspace by SLO that overlap with [from, to), as far as they were known at `asOf`: one that was resolved later
 * is open. Each SLO's entry has when the first of its own alerts fired.
 */
export async function reportIncidents(
  db: Database,
  workspaceId: string,
  { from, to, asOf }: { from: number; to: number; asOf: number },
): Promise<Map<string, ReportIncident[]>> {
  const known = new Date(asOf)
  const rows = await db.incident.findMany({
    where: {
      workspaceId,
      openedAt: { lt: new Date(to), lte: known },
      OR: [{ resolvedAt: null }, { resolvedAt: { gt: new Date(from) } }],
    },
    include: {
      timeline: {
        where: { kind: 'impact_started', recordedAt: { lte: known } },
        orderBy: { at: 'asc' },
        take: 1,
        select: { at: true },
      },
      alerts: { orderBy: { id: 'asc' }, select: { firedAt: true, rule: { select: { sloId: true } } } },
    },
    orderBy: { number: 'asc' },
    take: MOST + 1,
  })
  if (rows.length > MOST)
    throw new NinesError('too_large', `more than ${MOST} incidents lie in this time: choose a shorter one`)
  const seen = (at: Date | null) => (at === null || at > known ? null : at.getTime())
  const bySlo = new Map<string, ReportIncident[]>()
  for (const { id, number, title, severity, state, openedAt, timeline, alerts, ...row } of rows) {
    const opened = openedAt.getTime()
    for (const [sloId, ofSlo] of Map.groupBy(alerts, ({ rule }) => rule.sloId)) {
      const fired = ofSlo.flatMap(({ firedAt }) => seen(firedAt) ?? [])
      const list = bySlo.get(sloId) ?? []
      bySlo.set(sloId, list)
      list.push({
        id,
        number,
        title,
        severity,
        state,
        openedAt: opened,
        acknowledgedAt: seen(row.acknowledgedAt),
        firedAt: fired.length === 0 ? opened : Math.min(...fired),
        impactAt: timeline[0]?.at.getTime() ?? null,
        resolvedAt: seen(row.resolvedAt),
      })
    }
  }
  return bySlo
}
