import { z } from 'zod'
import { severity } from '../domain/alert.ts'
import { incidentSeverity, incidentState, timelineEntry } from '../domain/incident.ts'
import { incidentBudget } from '../domain/ledger.ts'
import { route } from './route.ts'
import { idParams, instant, listOf, name, serviceRef, userRef } from './shared.ts'

const tag = 'Incidents'
export const incidentDto = z.object({
  id: z.string(),
  number: z.number().int(),
  title: z.string(),
  severity: incidentSeverity,
  state: incidentState,
  service: serviceRef,
  commander: userRef.nullable(),
  openedAt: instant,
  acknowledgedAt: instant.nullable(),
  mitigatedAt: instant.nullable(),
  resolvedAt: instant.nullable(),
  reviewId: z.string().nullable(),
  /** Share of the whole budget of the SLO's first objective that it spent, of several SLOs the largest; null when undefined. */
  budgetSpent: z.number().nullable(),
})
export type IncidentDto = z.infer<typeof incidentDto>
export const incidentDetail = incidentDto.extend({
  alerts: z.array(
    z.object({
      id: z.string(),
      summary: z.string(),
      severity,
      state: z.string(),
      sloId: z.string(),
      sloName: z.string(),
      firedAt: instant.nullable(),
    }),
  ),
  timeline: z.array(timelineEntry),
  /** What it spent of each budget of its SLOs, one an objective, as the ledgers say; without events in its window, none. */
  budgets: z.array(incidentBudget),
})
export type IncidentDetail = z.infer<typeof incidentDetail>

export const listIncidents = route({
  id: 'listIncidents',
  method: 'GET',
  path: '/api/v1/incidents',
  tag,
  summary: 'Incidents, newest first',
  access: { role: 'viewer', scope: 'read' },
  query: z.object({ state: z.enum(['open', 'resolved', 'all']).default('all') }),
  response: listOf(incidentDto),
})
export const getIncident = route({
  id: 'getIncident',
  method: 'GET',
  path: '/api/v1/incidents/:id',
  tag,
  summary: 'An incident with its timeline',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  response: incidentDetail,
})
export const updateIncident = route({
  id: 'updateIncident',
  method: 'PATCH',
  path: '/api/v1/incidents/:id',
  tag,
  summary: 'Change title, severity, commander or state; resolving drafts the review',
  access: { role: 'responder', scope: 'write' },
  params: idParams,
  body: z.object({
    title: name.optional(),
    severity: incidentSeverity.optional(),
    commanderId: z.string().nullable().optional(),
    state: incidentState.optional(),
  }),
  response: incidentDetail,
})
export const addTimelineEntry = route({
  id: 'addTimelineEntry',
  method: 'POST',
  path: '/api/v1/incidents/:id/timeline',
  tag,
  summary: 'Record a note or a mitigation',
  access: { role: 'responder', scope: 'write' },
  params: idParams,
  body: z.object({
    kind: z.enum(['note', 'mitigation']),
    summary: z.string().trim().min(1).max(2000),
    at: instant.optional(),
  }),
  response: timelineEntry,
})
