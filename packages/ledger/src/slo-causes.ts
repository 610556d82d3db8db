import type { ChangeDto } from '@nines/contracts'
import { impactStart } from '@nines/incidents'
import { changesOfService, incidentsOfSlo, type Database, type IncidentOfSlo } from '@nines/records'
import { HOUR_MS, MINUTE_MS, type LedgerSpan, type MinuteSeries } from '@nines/slo'

/** How far before an alert its impact is looked for: longer than the longest window that pages. */
const IMPACT_BACK_MS = 8 * HOUR_MS

/** Everything that a ledger may name, with the spans of time it answers for. */
export interface SloCauses {
  incidents: (LedgerSpan & { incident: IncidentOfSlo })[]
  changes: (LedgerSpan & { change: ChangeDto })[]
}

/**
 * What may have spent an SLO's budget in [from, to), epoch ms. An incident answers for the time from its first bad minute, as
 * its timeline has it or else as the minutes before its first alert of this SLO show it, to its end, or to `to` while it has none.
 */
export async function loadCauses(
  db: Database,
  slo: { workspaceId: string; serviceId: string; id: string; target: number },
  minutes: MinuteSeries,
  { from, to }: { from: number; to: number },
): Promise<SloCauses> {
  const [incidents, changes] = await Promise.all([
    incidentsOfSlo(db, slo.workspaceId, slo.id, { from, to: to + IMPACT_BACK_MS }),
    changesOfService(db, slo.workspaceId, slo.serviceId, { from, to }),
  ])
  return {
    incidents: incidents.map((incident) => {
      const { id, firedAt, impactAt, resolvedAt } = incident
      const began = Math.min(firedAt, impactAt ?? impactOf(minutes, slo.target, firedAt))
      return { id, from: began, to: resolvedAt ?? Math.max(to, firedAt), incident }
    }),
    changes: changes.map((change) => ({
      id: change.id,
      from: Date.parse(change.startedAt),
      to: Date.parse(change.endedAt ?? change.startedAt),
      change,
    })),
  }
}

/** First bad minute before the alert; the alert itself where the minutes show none. */
function impactOf(minutes: MinuteSeries, target: number, firedAt: number): number {
  const near = Array.from(minutes.minutes(firedAt - IMPACT_BACK_MS, firedAt + MINUTE_MS), ([minute, counts]) => ({
    minute,
    ...counts,
  }))
  return impactStart(near, target, firedAt) ?? firedAt
}
