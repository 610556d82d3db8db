import { z } from 'zod'
import { escalationStepSpec, shift, weeklyRotation } from '../domain/oncall.ts'
import { route } from './route.ts'
import { idParams, instant, listOf, name, ok, userRef } from './shared.ts'

const tag = 'On call'
export const overrideDto = z.object({ id: z.string(), user: userRef, startsAt: instant, endsAt: instant })
export const scheduleDto = z.object({
  id: z.string(),
  name: z.string(),
  rotation: weeklyRotation,
  participants: z.array(userRef),
  overrides: z.array(overrideDto),
  onCall: userRef.nullable(),
  createdAt: instant,
})
export type ScheduleDto = z.infer<typeof scheduleDto>
const scheduleInput = z.object({ name, rotation: weeklyRotation })
export const policyDto = z.object({
  id: z.string(),
  name: z.string(),
  repeatCount: z.number().int(),
  steps: z.array(escalationStepSpec),
  createdAt: instant,
})
export type PolicyDto = z.infer<typeof policyDto>
const policyInput = z.object({
  name,
  repeatCount: z.number().int().min(0).max(20).default(2),
  steps: z.array(escalationStepSpec).min(1).max(10),
})
export const channelDto = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.literal('webhook'),
  url: z.string(),
  /** The person it reaches; null for a channel of the workspace. */
  user: userRef.nullable(),
  /** Used for responders who have no channel of their own. */
  isDefault: z.boolean(),
  allowPrivate: z.boolean(),
  disabledAt: instant.nullable(),
  disabledReason: z.string().nullable(),
  createdAt: instant,
})
export type ChannelDto = z.infer<typeof channelDto>
const channelInput = z.object({
  name,
  url: z.url({ protocol: /^https?$/ }),
  userId: z.string().nullable().default(null),
  isDefault: z.boolean().default(false),
  allowPrivate: z.boolean().default(false),
})

export const listSchedules = route({
  id: 'listSchedules',
  method: 'GET',
  path: '/api/v1/schedules',
  tag,
  summary: 'Schedules and who is on call',
  access: { role: 'viewer', scope: 'read' },
  response: listOf(scheduleDto),
})
export const createSchedule = route({
  id: 'createSchedule',
  method: 'POST',
  path: '/api/v1/schedules',
  tag,
  summary: 'Create a weekly rotation',
  access: { role: 'editor', scope: 'write' },
  body: scheduleInput,
  response: scheduleDto,
})
export const updateSchedule = route({
  id: 'updateSchedule',
  method: 'PUT',
  path: '/api/v1/schedules/:id',
  tag,
  summary: 'Change a schedule',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  body: scheduleInput,
  response: scheduleDto,
})
export const deleteSchedule = route({
  id: 'deleteSchedule',
  method: 'DELETE',
  path: '/api/v1/schedules/:id',
  tag,
  summary: 'Delete a schedule that no policy uses',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  response: ok,
})
export const listShifts = route({
  id: 'listShifts',
  method: 'GET',
  path: '/api/v1/schedules/:id/shifts',
  tag,
  summary: 'Final shifts in a span of time, overrides applied',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  query: z.object({ from: instant, to: instant }),
  response: z.object({ items: z.array(shift.extend({ userName: z.string() })) }),
})
export const createOverride = route({
  id: 'createOverride',
  method: 'POST',
  path: '/api/v1/schedules/:id/overrides',
  tag,
  summary: 'Let somebody take over for a while',
  access: { role: 'responder', scope: 'write' },
  params: idParams,
  body: z.object({ userId: z.string(), startsAt: instant, endsAt: instant }),
  response: overrideDto,
})
export const deleteOverride = route({
  id: 'deleteOverride',
  method: 'DELETE',
  path: '/api/v1/overrides/:id',
  tag,
  summary: 'Remove an override',
  access: { role: 'responder', scope: 'write' },
  params: idParams,
  response: ok,
})
export const listPolicies = route({
  id: 'listPolicies',
  method: 'GET',
  path: '/api/v1/policies',
  tag,
  summary: 'Escalation policies',
  access: { role: 'viewer', scope: 'read' },
  response: listOf(policyDto),
})
export const createPolicy = route({
  id: 'createPolicy',
  method: 'POST',
  path: '/api/v1/policies',
  tag,
  summary: 'Create an escalation policy',
  access: { role: 'editor', scope: 'write' },
  body: policyInput,
  response: policyDto,
})
export const updatePolicy = route({
  id: 'updatePolicy',
  method: 'PUT',
  path: '/api/v1/policies/:id',
  tag,
  summary: 'Change a policy; escalations under way keep the old one',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  body: policyInput,
  response: policyDto,
})
export const deletePolicy = route({
  id: 'deletePolicy',
  method: 'DELETE',
  path: '/api/v1/policies/:id',
  tag,
  summary: 'Delete a policy that no service or rule uses',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  response: ok,
})
export const listChannels = route({
  id: 'listChannels',
  method: 'GET',
  path: '/api/v1/channels',
  tag,
  summary: 'Channels',
  access: { role: 'viewer', scope: 'read' },
  response: listOf(channelDto),
})
export const createChannel = route({
  id: 'createChannel',
  method: 'POST',
  path: '/api/v1/channels',
  tag,
  summary: 'Create a webhook channel; the answer holds the signing secret, once',
  access: { role: 'admin', scope: 'write' },
  body: channelInput,
  response: z.object({ channel: channelDto, secret: z.string() }),
})
export const updateChannel = route({
  id: 'updateChannel',
  method: 'PUT',
  path: '/api/v1/channels/:id',
  tag,
  summary: 'Change a channel; enables it again',
  access: { role: 'admin', scope: 'write' },
  params: idParams,
  body: channelInput,
  response: channelDto,
})
export const rotateChannelSecret = route({
  id: 'rotateChannelSecret',
  method: 'POST',
  path: '/api/v1/channels/:id/rotate-secret',
  tag,
  summary: 'New signing secret; the old one also signs for 24 h',
  access: { role: 'admin', scope: 'write' },
  params: idParams,
  response: z.object({ secret: z.string() }),
})
export const testChannel = route({
  id: 'testChannel',
  method: 'POST',
  path: '/api/v1/channels/:id/test',
  tag,
  summary: 'Send a test message through the real path',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  response: z.object({ messageId: z.string() }),
})
export const deleteChannel = route({
  id: 'deleteChannel',
  method: 'DELETE',
  path: '/api/v1/channels/:id',
  tag,
  summary: 'Delete a channel that no policy uses',
  access: { role: 'admin', scope: 'write' },
  params: idParams,
  response: ok,
})
export const messageDto = z.object({
  id: z.string(),
  channelName: z.string(),
  eventType: z.string(),
  state: z.enum(['pending', 'delivered', 'failed', 'cancelled']),
  createdAt: instant,
  attempts: z.array(
    z.object({
      id: z.string(),
      attempt: z.number().int(),
      at: instant,
      durationMs: z.number(),
      status: z.number().int().nullable(),
      error: z.string().nullable(),
      succeeded: z.boolean(),
    }),
  ),
})
export type MessageDto = z.infer<typeof messageDto>
export const listMessages = route({
  id: 'listMessages',
  method: 'GET',
  path: '/api/v1/channels/:id/messages',
  tag,
  summary: 'Messages of a channel, newest first, with every attempt',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  response: listOf(messageDto),
})
