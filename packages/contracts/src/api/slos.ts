import { z } from 'zod'
import { alertCondition, severity } from '../domain/alert.ts'
import { sliSpec } from '../domain/sli.ts'
import { changeMark } from '../domain/change.ts'
import { correctedSpan } from '../domain/correction.ts'
import { sloWindow } from '../domain/slo-window.ts'
import { furtherObjectives, sloStatus, sloTarget } from '../domain/slo.ts'
import { route } from './route.ts'
import { idParams, instant, listOf, name, ok, serviceRef, slug } from './shared.ts'

const tag = 'SLOs'
export const sloVersionDto = z.object({
  version: z.number().int(),
  sli: sliSpec,
  target: sloTarget,
  window: sloWindow,
  furtherObjectives,
  createdAt: instant,
  createdBy: z.string().nullable(),
})
export const alertRuleDto = z.object({
  id: z.string(),
  name: z.string(),
  severity,
  enabled: z.boolean(),
  condition: alertCondition,
  /** Overrides the service's policy; null uses the service's. Only critical rules page. */
  escalationPolicyId: z.string().nullable(),
})
export type AlertRuleDto = z.infer<typeof alertRuleDto>
export const sloDto = z.object({
  id: z.string(),
  slug,
  name: z.string(),
  description: z.string(),
  service: serviceRef,
  version: z.number().int(),
  sli: sliSpec,
  target: sloTarget,
  window: sloWindow,
  furtherObjectives,
  status: sloStatus.nullable(),
  createdAt: instant,
})
export type SloDto = z.infer<typeof sloDto>
export const sloDetail = sloDto.extend({ versions: z.array(sloVersionDto), rules: z.array(alertRuleDto) })
export type SloDetail = z.infer<typeof sloDetail>
const sloInput = z.object({
  slug,
  name,
  description: z.string().max(2000).default(''),
  serviceId: z.string(),
  sli: sliSpec,
  target: sloTarget,
  window: sloWindow.default({ kind: 'rolling', days: 30 }),
  furtherObjectives: furtherObjectives.default([]),
})
export type SloInput = z.input<typeof sloInput>

/** One point of a chart. `budgetRemaining` is that of the first objective's window as it stood at `at`. */
export const sloHistoryPoint = z.object({
  at: z.number(),
  good: z.number(),
  total: z.number(),
  budgetRemaining: z.number().nullable(),
  burn1h: z.number().nullable(),
  burn5m: z.number().nullable(),
})
export const sloHistory = z.object({
  stepSeconds: z.number(),
  points: z.array(sloHistoryPoint),
  alerts: z.array(z.object({ id: z.string(), severity, firedAt: z.number(), resolvedAt: z.number().nullable() })),
  /** Deploys and changes of the service. */
  changes: z.array(changeMark),
  /** Times whose minutes were corrected. */
  corrected: z.array(correctedSpan),
})
export type SloHistory = z.infer<typeof sloHistory>

/** What an SLO is called and promises. */
export const sloName = z.object({ id: z.string(), name: z.string(), target: sloTarget, service: serviceRef })
export type SloName = z.infer<typeof sloName>

/** What SLOs are sorted by: `state` from bad over unmeasured and idle to good, `burn` over the last hour. */
export const sloSort = z.enum(['name', 'state', 'target', 'sli', 'budget', 'burn', 'exhaustion'])
export type SloSort = z.infer<typeof sloSort>

export const listSlos = route({
  id: 'listSlos',
  method: 'GET',
  path: '/api/v1/slos',
  tag,
  summary: 'SLOs with their status',
  access: { role: 'viewer', scope: 'read' },
  query: z.object({
    serviceId: z.string().optional(),
    /** So many at once; all when left out, 100 where any of the others is given. */
    limit: z.coerce.number().int().min(1).max(1000).optional(),
    /** The nextCursor of the page before, by service and name. Goes with none of the following. */
    cursor: z.string().max(64).optional(),
    /** By what is known now; those of which it is not known come last. By service and name when left out. */
    sort: sloSort.optional(),
    direction: z.enum(['asc', 'desc']).default('asc'),
    /** Words that the names of the SLO and its service hold, in any case. */
    search: z.string().trim().max(200).optional(),
    /** Which page of `limit` each, from 1 on. */
    page: z.coerce.number().int().min(1).max(1_000_000).optional(),
  }),
  response: listOf(sloDto).extend({
    /** How many there are on all pages. */
    total: z.number().int(),
  }),
})
export const listSloNames = route({
  id: 'listSloNames',
  method: 'GET',
  path: '/api/v1/slo-names',
  tag,
  summary: 'Every SLO by name, to choose from',
  access: { role: 'viewer', scope: 'read' },
  response: listOf(sloName),
})
export const getSlo = route({
  id: 'getSlo',
  method: 'GET',
  path: '/api/v1/slos/:id',
  tag,
  summary: 'An SLO with versions, rules and status',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  response: sloDetail,
})
export const createSlo = route({
  id: 'createSlo',
  method: 'POST',
  path: '/api/v1/slos',
  tag,
  summary: 'Create an SLO with the default burn-rate rules',
  access: { role: 'editor', scope: 'write' },
  body: sloInput,
  response: sloDetail,
})
export const updateSlo = route({
  id: 'updateSlo',
  method: 'PUT',
  path: '/api/v1/slos/:id',
  tag,
  summary: 'Change an SLO; a new SLI, target or window makes a new version',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  body: sloInput,
  response: sloDetail,
})
export const deleteSlo = route({
  id: 'deleteSlo',
  method: 'DELETE',
  path: '/api/v1/slos/:id',
  tag,
  summary: 'Archive an SLO; its history stays',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  response: ok,
})
export const getSloHistory = route({
  id: 'getSloHistory',
  method: 'GET',
  path: '/api/v1/slos/:id/history',
  tag,
  summary: 'Burn-down, burn rates and alerts over time',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  query: z.object({ from: instant, to: instant }),
  response: sloHistory,
})
export const createAlertRule = route({
  id: 'createAlertRule',
  method: 'POST',
  path: '/api/v1/slos/:id/rules',
  tag,
  summary: 'Add a burn-rate or silence rule to an SLO',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  body: alertRuleDto.omit({ id: true }),
  response: alertRuleDto,
})
export const updateAlertRule = route({
  id: 'updateAlertRule',
  method: 'PUT',
  path: '/api/v1/rules/:id',
  tag,
  summary: 'Change an alert rule; disabling it resolves its alert',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  body: alertRuleDto.omit({ id: true }),
  response: alertRuleDto,
})
