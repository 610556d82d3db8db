import type { ChangeDto } from '@nines/contracts'
import { impactStart } from '@nines/incidents'
import { changesOfService, incidentsOfSlo, type Database, type IncidentOfSlo } from '@nines/records'
import { HOUR_MS, MINUTE_MS, type LedgerSpan, type MinuteSeries, type Span } from '@nines/slo'

/** How far before an alert its impact is looked for: longer than the longest window that pages. */
export const IMPACT_LOOK_BACK_MS = 8 * HOUR_MS

export type IncidentSpan = LedgerSpan & { incident: IncidentOfSlo }
export type ChangeSpan = LedgerSpan & { change: ChangeDto }

interface SloOfCauses {
  id: string
  workspaceId: string
  serviceId: string
  target: number
}

/**
 * Incidents that may have spent an SLO's budget in [from, to), epoch ms. One answers for the time from its first bad minute, as
 * its timeline has it or else as the minutes before its first alert of this SLO show it, to its end, or to `to` while it has none.
 */
export async function incidentSpans(
  db: Database,
  { id, workspaceId, target }: SloOfCauses,
  minutes: MinuteSeries,
  { from, to }: Span,
): Promise<IncidentSpan[]> {
  const incidents = await incidentsOfSlo(db, workspaceId, id, { from, to: to + IMPACT_LOOK_BACK_MS })
  return spansOfIncidents(incidents, minutes, target, to)
}

/** The time that each incident answers for, by the minutes of the SLO and one of its targets. */
export function spansOfIncidents(
  incidents: readonly IncidentOfSlo[],
  minutes: Pick<MinuteSeries, 'minutes'>,
  target: number,
  to: number,
): IncidentSpan[] {
  return incidents.map((incident) => ({ ...spanOfIncident(incident, minutes, target, to), incident }))
}

/** The time that an incident answers for; `to` is its end while it has none. */
export function spanOfIncident(
  { id, firedAt, impactAt, resolvedAt }: IncidentOfSlo,
  minutes: Pick<MinuteSeries, 'minutes'>,
  target: number,
  to: number,
): LedgerSpan {
  const from = Math.min(firedAt, impactAt ?? impactOf(minutes, target, firedAt))
  return { id, from, to: resolvedAt ?? Math.max(to, firedAt) }
}

/** Changes of an SLO's service that were under way at some time in [from, to). */
export async function changeSpans(
  db: Database,
  { workspaceId, serviceId }: SloOfCauses,
  range: Span,
): Promise<ChangeSpan[]> {
  const changes = await changesOfService(db, workspaceId, serviceId, range)
  return changes.map((change) => ({ ...spanOfChange(change), change }))
}

export function spanOfChange({ id, startedAt, endedAt }: ChangeDto): LedgerSpan {
  return { id, from: Date.parse(startedAt), to: Date.parse(endedAt ?? startedAt) }
}

/** First bad minute before the alert; the alert itself where the minutes show none. */
function impactOf(minutes: Pick<MinuteSeries, 'minutes'>, target: number, firedAt: number): number {
  const near = Array.from(minutes.minutes(firedAt - IMPACT_LOOK_BACK_MS, firedAt + MINUTE_MS), ([minute, counts]) => ({
    minute,
    ...counts,
  }))
  return impactStart(near, target, firedAt) ?? firedAt
}
