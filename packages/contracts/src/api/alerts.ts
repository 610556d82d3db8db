import { z } from 'zod'
import { alertBurn, alertEvidence, alertState, severity } from '../domain/alert.ts'
import { route } from './route.ts'
import { idParams, instant, listOf, ok, serviceRef } from './shared.ts'

const tag = 'Alerts'
export const alertDto = z.object({
  id: z.string(),
  state: alertState,
  /** What its rule watches: the burn of the budget, or whether anything is measured. */
  kind: z.enum(['burn_rate', 'absence']),
  severity,
  /** One line with everything, as pages have it. */
  summary: z.string(),
  /** When it fired, or lately while it is pending; null when no pair was true. */
  burn: alertBurn.nullable(),
  service: serviceRef,
  slo: z.object({ id: z.string(), name: z.string() }),
  ruleId: z.string(),
  ruleName: z.string(),
  incidentId: z.string().nullable(),
  startedAt: instant,
  firedAt: instant.nullable(),
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  resolvedAt: instant.nullable(),
  resolvedBy: z.string().nullable(),
  /** Since when too little is measured to say whether it is over; it stays open until there is. null while it is measured. */
  frozenSince: instant.nullable(),
  /** Silences that kept it from paging. */
  silencedBy: z.array(z.string()),
})
export type AlertDto = z.infer<typeof alertDto>
export const deliveryDto = z.object({
  id: z.string(),
  attempt: z.number().int(),
  at: instant,
  durationMs: z.number(),
  status: z.number().int().nullable(),
  error: z.string().nullable(),
  succeeded: z.boolean(),
})
export const pageDto = z.object({
  id: z.string(),
  /** The webhook-id of its message; the same on every attempt. */
  messageId: z.string(),
  step: z.number().int(),
  round: z.number().int(),
  responder: z.string().nullable(),
  channel: z.object({ id: z.string(), name: z.string() }),
  /** Why this responder: schedule, shift, override. */
  reason: z.string(),
  createdAt: instant,
  deliveryState: z.enum(['pending', 'delivered', 'failed', 'cancelled']),
  nextAttemptAt: instant.nullable(),
  deliveries: z.array(deliveryDto),
})
export type PageDto = z.infer<typeof pageDto>
export const alertDetail = alertDto.extend({
  evidence: alertEvidence.nullable(),
  /** Evidence at the moment it fired. */
  firedEvidence: alertEvidence.nullable(),
  pages: z.array(pageDto),
  escalation: z
    .object({
      state: z.enum(['running', 'stopped', 'exhausted']),
      policyName: z.string(),
      step: z.number().int(),
      round: z.number().int(),
      nextStepAt: instant.nullable(),
    })
    .nullable(),
})
export type AlertDetail = z.infer<typeof alertDetail>

export const silenceDto = z.object({
  id: z.string(),
  serviceId: z.string().nullable(),
  sloId: z.string().nullable(),
  startsAt: instant,
  endsAt: instant,
  comment: z.string(),
  createdBy: z.string(),
  active: z.boolean(),
})
export type SilenceDto = z.infer<typeof silenceDto>

export const listAlerts = route({
  id: 'listAlerts',
  method: 'GET',
  path: '/api/v1/alerts',
  tag,
  summary: 'Alerts, newest first',
  access: { role: 'viewer', scope: 'read' },
  query: z.object({
    state: z.enum(['open', 'resolved', 'all']).default('open'),
    sloId: z.string().optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    /** Which page of `limit` each, from 1 on. */
    page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  }),
  response: listOf(alertDto).extend({
    /** How many there are on all pages, and how many of these are firing. */
    total: z.number().int(),
    firing: z.number().int(),
  }),
})
export const getAlert = route({
  id: 'getAlert',
  method: 'GET',
  path: '/api/v1/alerts/:id',
  tag,
  summary: 'An alert: evidence, escalation, pages, every delivery',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  response: alertDetail,
})
export const acknowledgeAlert = route({
  id: 'acknowledgeAlert',
  method: 'POST',
  path: '/api/v1/alerts/:id/acknowledge',
  tag,
  summary: 'Acknowledge: stops the escalation. Repeating it changes nothing',
  access: { role: 'responder', scope: 'write' },
  params: idParams,
  response: alertDto,
})
export const resolveAlert = route({
  id: 'resolveAlert',
  method: 'POST',
  path: '/api/v1/alerts/:id/resolve',
  tag,
  summary: 'Resolve by hand. A condition that still holds opens a new alert',
  access: { role: 'responder', scope: 'write' },
  params: idParams,
  response: alertDto,
})
export const replayDelivery = route({
  id: 'replayDelivery',
  method: 'POST',
  path: '/api/v1/messages/:id/replay',
  tag,
  summary: 'Send a message again under the same webhook-id',
  access: { role: 'responder', scope: 'write' },
  params: idParams,
  response: ok,
})
export const lookupAlertLink = route({
  id: 'lookupAlertLink',
  method: 'POST',
  path: '/api/v1/alert-links/lookup',
  tag,
  summary: 'What a link from a page refers to; changes nothing',
  access: 'public',
  body: z.object({ token: z.string().min(1).max(2000) }),
  response: z.object({
    alertId: z.string(),
    workspaceSlug: z.string(),
    summary: z.string(),
    severity,
    state: alertState,
    serviceName: z.string(),
    responder: z.string().nullable(),
    firedAt: instant.nullable(),
  }),
})
export const actOnAlertLink = route({
  id: 'actOnAlertLink',
  method: 'POST',
  path: '/api/v1/alert-links/act',
  tag,
  summary: 'Acknowledge or resolve by the link in a page',
  access: 'public',
  body: z.object({ token: z.string().min(1).max(2000), action: z.enum(['acknowledge', 'resolve']) }),
  response: z.object({ state: alertState, changed: z.boolean() }),
})
export const listSilences = route({
  id: 'listSilences',
  method: 'GET',
  path: '/api/v1/silences',
  tag,
  summary: 'Silences, active and upcoming first',
  access: { role: 'viewer', scope: 'read' },
  response: listOf(silenceDto),
})
export const createSilence = route({
  id: 'createSilence',
  method: 'POST',
  path: '/api/v1/silences',
  tag,
  summary: 'Silence pages of a service or SLO; evaluation and resolution go on',
  access: { role: 'responder', scope: 'write' },
  body: z.object({
    serviceId: z.string().nullable().default(null),
    sloId: z.string().nullable().default(null),
    startsAt: instant.optional(),
    endsAt: instant,
    comment: z.string().trim().min(1).max(500),
  }),
  response: silenceDto,
})
export const expireSilence = route({
  id: 'expireSilence',
  method: 'DELETE',
  path: '/api/v1/silences/:id',
  tag,
  summary: 'End a silence now',
  access: { role: 'responder', scope: 'write' },
  params: idParams,
  response: ok,
})
