import { z } from 'zod'
import { dataState, sloStanding } from '../domain/slo.ts'
import { route } from './route.ts'
import { idParams, instant, listOf, name, ok, slug } from './shared.ts'

const tag = 'Services'
export const teamDto = z.object({ id: z.string(), slug, name: z.string() })
export const serviceDto = z.object({
  id: z.string(),
  slug,
  name: z.string(),
  description: z.string(),
  /** 1 is the most critical. */
  tier: z.number().int().min(1).max(4),
  runbookUrl: z.string().nullable(),
  team: teamDto.nullable(),
  escalationPolicyId: z.string().nullable(),
  createdAt: instant,
})
export type ServiceDto = z.infer<typeof serviceDto>
export type TeamDto = z.infer<typeof teamDto>
const serviceInput = z.object({
  slug,
  name,
  description: z.string().max(2000).default(''),
  tier: z.number().int().min(1).max(4).default(3),
  runbookUrl: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  teamId: z.string().nullable().default(null),
  escalationPolicyId: z.string().nullable().default(null),
})

export const serviceHealth = z.object({
  service: serviceDto,
  /** Worst state of its SLOs; unmeasured when it has none with data. */
  state: dataState,
  openAlerts: z.number().int(),
  openIncidents: z.number().int(),
  /** Its SLOs by name; of more than ten, the ten with the least budget left. */
  slos: z.array(z.object({ id: z.string(), name: z.string(), status: sloStanding.nullable() })),
  /** How many it has. */
  sloCount: z.number().int(),
})
export type ServiceHealth = z.infer<typeof serviceHealth>

export const getOverview = route({
  id: 'getOverview',
  method: 'GET',
  path: '/api/v1/overview',
  tag,
  summary: 'Health of every service: SLOs, budgets, open alerts and incidents',
  access: { role: 'viewer', scope: 'read' },
  response: z.object({
    services: z.array(serviceHealth),
    samplesPerSecond: z.number().nullable(),
    onCall: z.array(
      z.object({
        scheduleId: z.string(),
        scheduleName: z.string(),
        userName: z.string().nullable(),
        until: instant.nullable(),
      }),
    ),
  }),
})
export const listTeams = route({
  id: 'listTeams',
  method: 'GET',
  path: '/api/v1/teams',
  tag,
  summary: 'Teams',
  access: { role: 'viewer', scope: 'read' },
  response: listOf(teamDto),
})
export const createTeam = route({
  id: 'createTeam',
  method: 'POST',
  path: '/api/v1/teams',
  tag,
  summary: 'Create a team',
  access: { role: 'editor', scope: 'write' },
  body: z.object({ slug, name }),
  response: teamDto,
})
export const listServices = route({
  id: 'listServices',
  method: 'GET',
  path: '/api/v1/services',
  tag,
  summary: 'Services',
  access: { role: 'viewer', scope: 'read' },
  response: listOf(serviceDto),
})
export const getService = route({
  id: 'getService',
  method: 'GET',
  path: '/api/v1/services/:id',
  tag,
  summary: 'A service',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  response: serviceDto,
})
export const createService = route({
  id: 'createService',
  method: 'POST',
  path: '/api/v1/services',
  tag,
  summary: 'Create a service',
  access: { role: 'editor', scope: 'write' },
  body: serviceInput,
  response: serviceDto,
})
export const updateService = route({
  id: 'updateService',
  method: 'PUT',
  path: '/api/v1/services/:id',
  tag,
  summary: 'Change a service',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  body: serviceInput,
  response: serviceDto,
})
export const deleteService = route({
  id: 'deleteService',
  method: 'DELETE',
  path: '/api/v1/services/:id',
  tag,
  summary: 'Delete a service that has no SLO, check or incident',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  response: ok,
})
