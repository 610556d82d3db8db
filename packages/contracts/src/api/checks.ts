import { z } from 'zod'
import { checkRun, httpCheckConfig } from '../domain/check.ts'
import { route } from './route.ts'
import { idParams, instant, listOf, name, ok, serviceRef } from './shared.ts'

const tag = 'Checks'
export const checkDto = z.object({
  id: z.string(),
  name: z.string(),
  service: serviceRef.nullable(),
  enabled: z.boolean(),
  intervalSeconds: z.number().int(),
  timeoutMs: z.number().int(),
  config: httpCheckConfig,
  lastRun: checkRun.nullable(),
  /** Share of passed runs in the last 24 h; null without runs. */
  uptime24h: z.number().nullable(),
  createdAt: instant,
})
export type CheckDto = z.infer<typeof checkDto>
export const checkDetail = checkDto.extend({
  /**
   * How often it ran over time, newest first: what is owed and when silence counts in a minute goes by what held then. Before the
   * first of them it is taken to have been like that.
   */
  intervals: z.array(
    z.object({
      from: instant,
      /** null: it did not run. */
      intervalSeconds: z.number().int().nullable(),
    }),
  ),
})
export type CheckDetail = z.infer<typeof checkDetail>
const checkInput = z.object({
  name,
  serviceId: z.string().nullable().default(null),
  enabled: z.boolean().default(true),
  intervalSeconds: z.number().int().min(5).max(3600).default(30),
  timeoutMs: z.number().int().min(100).max(60_000).default(10_000),
  config: httpCheckConfig,
})

export const listChecks = route({
  id: 'listChecks',
  method: 'GET',
  path: '/api/v1/checks',
  tag,
  summary: 'Checks with their last run',
  access: { role: 'viewer', scope: 'read' },
  response: listOf(checkDto),
})
export const getCheck = route({
  id: 'getCheck',
  method: 'GET',
  path: '/api/v1/checks/:id',
  tag,
  summary: 'A check, and how often it ran over time',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  response: checkDetail,
})
export const createCheck = route({
  id: 'createCheck',
  method: 'POST',
  path: '/api/v1/checks',
  tag,
  summary: 'Create a check',
  access: { role: 'editor', scope: 'write' },
  body: checkInput,
  response: checkDto,
})
export const updateCheck = route({
  id: 'updateCheck',
  method: 'PUT',
  path: '/api/v1/checks/:id',
  tag,
  summary: 'Change a check',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  body: checkInput,
  response: checkDto,
})
export const deleteCheck = route({
  id: 'deleteCheck',
  method: 'DELETE',
  path: '/api/v1/checks/:id',
  tag,
  summary: 'Delete a check that no SLO uses',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  response: ok,
})
export const listCheckRuns = route({
  id: 'listCheckRuns',
  method: 'GET',
  path: '/api/v1/checks/:id/runs',
  tag,
  summary: 'Runs of a check, newest first',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  query: z.object({ from: instant, to: instant, limit: z.coerce.number().int().min(1).max(5000).default(500) }),
  response: z.object({ items: z.array(checkRun) }),
})
/** What a probe must run; called by probes with an ingest key on the ingest app, not by the dashboard. */
export const probeAssignments = z.object({
  checks: z.array(
    z.object({ id: z.string(), intervalSeconds: z.number(), timeoutMs: z.number(), config: httpCheckConfig }),
  ),
})
export type ProbeAssignments = z.infer<typeof probeAssignments>
/** Body of POST /v1/check-runs on the ingest app. */
export const checkRunReport = z.object({ runs: z.array(checkRun).min(1).max(1000) })
