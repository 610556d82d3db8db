import { z } from 'zod'
import { changeKind, changeSource } from '../domain/change.ts'
import { incidentSeverity, incidentState } from '../domain/incident.ts'
import { budgetShare } from '../domain/ledger.ts'
import { sloWindow } from '../domain/slo-window.ts'
import { sloTarget } from '../domain/slo.ts'
import { route } from './route.ts'
import { idParams, instant, listOf, serviceRef } from './shared.ts'

const tag = 'Changes'
const text = (most: number) => z.string().trim().min(1).max(most)

export const changeDto = z.object({
  id: z.string(),
  kind: changeKind,
  source: changeSource,
  /** The id that its sender knows it by. */
  externalId: z.string(),
  /** The service as its sender names it. */
  serviceName: z.string(),
  /** The catalogued service of that slug or name; null while there is none. */
  service: serviceRef.nullable(),
  /** Empty where none was given. */
  environment: z.string(),
  version: z.string().nullable(),
  title: z.string(),
  url: z.string().nullable(),
  author: z.string().nullable(),
  startedAt: instant,
  /** null: it took no time, or is not over. */
  endedAt: instant.nullable(),
  createdAt: instant,
})
export type ChangeDto = z.infer<typeof changeDto>

export const changeInput = z.object({
  externalId: text(200),
  service: text(200),
  environment: z.string().trim().max(100).default(''),
  kind: changeKind.default('deploy'),
  version: text(200).nullable().default(null),
  title: text(300).optional(),
  url: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .max(2000)
    .nullable()
    .default(null),
  author: text(200).nullable().default(null),
  startedAt: instant.optional(),
  endedAt: instant.nullable().default(null),
})

/** What a change spent of the budget of one objective of an SLO of its service, as the ledger has it. */
export const changeEffect = budgetShare.extend({
  sloId: z.string(),
  sloName: z.string(),
  objective: z.number().int().min(0).describe('0 for the first objective, 1 for the first further one, and so on'),
  target: sloTarget,
  window: sloWindow,
  /** What is bad: events, or slices of time. */
  counts: z.enum(['events', 'slices']),
  /** Minutes with bad events, and the first of them, epoch ms; null where there is none. */
  minutes: z.number().int(),
  first: z.number().nullable(),
})
export type ChangeEffect = z.infer<typeof changeEffect>

/** An incident that a change came shortly before or during. */
export const incidentBesideChange = z.object({
  id: z.string(),
  number: z.number().int(),
  title: z.string(),
  severity: incidentSeverity,
  state: incidentState,
  openedAt: instant,
  resolvedAt: instant.nullable(),
})
export type IncidentBesideChange = z.infer<typeof incidentBesideChange>

export const changeDetail = changeDto.extend({
  /** On whose timelines it stands, in the order in which they were opened. */
  incidents: z.array(incidentBesideChange),
  /** Of every objective of every SLO of its service, at most twenty SLOs. Burns that an incident or maintenance answers for are theirs. */
  effects: z.array(changeEffect),
  /** Burns were added up to this instant, epoch ms: a day after the last one could have begun, or now. */
  effectsUntil: z.number(),
})
export type ChangeDetail = z.infer<typeof changeDetail>

export const recordChange = route({
  id: 'recordChange',
  method: 'POST',
  path: '/api/v1/changes',
  tag,
  summary: 'Record a deploy or change. Sent again with the same externalId it replaces what was said before',
  access: { role: 'editor', scope: 'write' },
  body: changeInput,
  response: changeDto,
})
export const listChanges = route({
  id: 'listChanges',
  method: 'GET',
  path: '/api/v1/changes',
  tag,
  summary: 'Deploys and changes, newest first',
  access: { role: 'viewer', scope: 'read' },
  query: z.object({
    /** Slug or name. */
    service: z.string().optional(),
    environment: z.string().optional(),
    kind: changeKind.optional(),
    source: changeSource.optional(),
    /** Under way at some time in [from, to). */
    from: instant.optional(),
    to: instant.optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    cursor: z.string().max(64).optional(),
  }),
  response: listOf(changeDto),
})
export const getChange = route({
  id: 'getChange',
  method: 'GET',
  path: '/api/v1/changes/:id',
  tag,
  summary: 'A change, what it spent of error budgets, and the incidents around it',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  response: changeDetail,
})
