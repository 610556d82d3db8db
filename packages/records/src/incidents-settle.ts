import { incidentStateChanged, transitionIncident, type Actor, type IncidentEvent } from '@nines/incidents'
import type { Database } from './client.ts'
import { noOutcome, type Outcome } from './follow-ups.ts'
import type { Incident } from './generated/client.ts'
import { incidentColumnsOf, incidentMachineOf, lockIncident } from './incidents-row.ts'
import { recordTimeline } from './incidents-timeline.ts'

const SYSTEM: Actor = { id: null, name: null, via: null }

/** Resolves an incident when none of its alerts is open any more. */
export async function settleIncident(
  tx: Database,
  workspaceId: string,
  incidentId: string,
  now: number,
): Promise<Outcome> {
  const incident = await lockIncident(tx, workspaceId, incidentId)
  const open = await tx.alert.count({ where: { incidentId, state: { not: 'resolved' } } })
  if (open > 0) return { followUps: [], changes: [{ type: 'incident.changed', id: incidentId }] }
  return moveIncident(tx, incident, { kind: 'alerts_resolved' }, SYSTEM, now)
}

/** Applies an event to a locked incident: state, timeline, and its review where it is resolved now. */
export async function moveIncident(
  tx: Database,
  incident: Incident,
  event: IncidentEvent,
  actor: Actor,
  now: number,
): Promise<Outcome> {
  const next = transitionIncident(incidentMachineOf(incident), event, now)
  if (!next.changed) return noOutcome()
  const { id, workspaceId, serviceId, state: from } = incident
  const updated = await tx.incident.update({ where: { id }, data: incidentColumnsOf(next.machine, serviceId) })
  const moved = incidentStateChanged({ id, version: updated.version, from, to: updated.state, at: now }, actor)
  await recordTimeline(tx, workspaceId, id, [moved])
  return {
    followUps: next.resolved ? [{ job: 'draftReview', payload: { workspaceId, incidentId: id }, delayMs: 0 }] : [],
    changes: [{ type: 'incident.changed', id }],
  }
}
