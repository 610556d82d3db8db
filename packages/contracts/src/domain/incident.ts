import { z } from 'zod'

export const incidentState = z.enum(['open', 'mitigated', 'resolved'])
export type IncidentState = z.infer<typeof incidentState>

export const incidentSeverity = z.enum(['sev1', 'sev2', 'sev3', 'sev4'])
export type IncidentSeverity = z.infer<typeof incidentSeverity>

export const timelineKind = z.enum([
  'impact_started', // first bad minute, computed from slices
  'alert_pending',
  'alert_fired',
  'alert_acknowledged',
  'alert_resolved',
  'incident_opened',
  'incident_state',
  'page_created',
  'delivery_succeeded',
  'delivery_failed',
  'escalated',
  'note',
  'budget_crossed', // a threshold on an error budget was crossed or cleared
  'change', // a deploy or change around the incident
  'mitigation', // a restoring action a person recorded
])
export type TimelineKind = z.infer<typeof timelineKind>

export const timelineEntry = z.object({
  id: z.string(),
  kind: timelineKind,
  /** When it happened, epoch ms. */
  at: z.number(),
  /** When it was recorded, epoch ms. */
  recordedAt: z.number(),
  summary: z.string(),
  actorName: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
})
export type TimelineEntry = z.infer<typeof timelineEntry>
