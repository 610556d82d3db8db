import { z } from 'zod'
import { apiKeyScope, role } from '../domain/identity.ts'
import { route } from './route.ts'
import { idParams, instant, listOf, name, ok, slug, userRef } from './shared.ts'

export const workspaceDto = z.object({ id: z.string(), slug, name: z.string(), role })
export const me = z.object({ user: userRef, workspaces: z.array(workspaceDto) })
export const memberDto = z.object({ id: z.string(), user: userRef, role, joinedAt: instant })
export const invitationDto = z.object({
  id: z.string(),
  email: z.string(),
  role,
  expiresAt: instant,
  acceptedAt: instant.nullable(),
})
export const apiKeyDto = z.object({
  id: z.string(),
  name: z.string(),
  /** First characters of the key, to recognise it by. */
  prefix: z.string(),
  scopes: z.array(apiKeyScope),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
  revokedAt: instant.nullable(),
})
export type MemberDto = z.infer<typeof memberDto>
export type ApiKeyDto = z.infer<typeof apiKeyDto>
export type InvitationDto = z.infer<typeof invitationDto>
export type Me = z.infer<typeof me>
const tag = 'Identity'
const password = z.string().min(12, 'at least 12 characters').max(128)

export const getSetupState = route({
  id: 'getSetupState',
  method: 'GET',
  path: '/api/v1/setup',
  tag,
  summary: 'Whether the first admin is still to be created',
  access: 'public',
  response: z.object({ needed: z.boolean() }),
})
export const completeSetup = route({
  id: 'completeSetup',
  method: 'POST',
  path: '/api/v1/setup',
  tag,
  summary: 'Create the first admin with the one-time setup token; signs in',
  access: 'public',
  body: z.object({
    token: z.string().min(1).max(200),
    name,
    email: z.email(),
    password,
    workspaceName: name.optional(),
  }),
  response: ok,
})
export const getInvitation = route({
  id: 'getInvitation',
  method: 'POST',
  path: '/api/v1/invitations/lookup',
  tag,
  summary: 'What an invitation token is for',
  access: 'public',
  body: z.object({ token: z.string().min(1).max(200) }),
  response: z.object({ email: z.string(), role, workspaceName: z.string() }),
})
export const acceptInvitation = route({
  id: 'acceptInvitation',
  method: 'POST',
  path: '/api/v1/invitations/accept',
  tag,
  summary: 'Accept an invitation, creating the user; signs in',
  access: 'public',
  body: z.object({ token: z.string().min(1).max(200), name, password }),
  response: ok,
})
export const getMe = route({
  id: 'getMe',
  method: 'GET',
  path: '/api/v1/me',
  tag,
  summary: 'The signed-in user and their workspaces',
  access: 'session',
  response: me,
})
export const listMembers = route({
  id: 'listMembers',
  method: 'GET',
  path: '/api/v1/members',
  tag,
  summary: 'Members of the workspace',
  access: { role: 'viewer', scope: 'read' },
  response: z.object({ members: z.array(memberDto), invitations: z.array(invitationDto) }),
})
export const inviteMember = route({
  id: 'inviteMember',
  method: 'POST',
  path: '/api/v1/members/invitations',
  tag,
  summary: 'Invite somebody; the answer holds the link to hand over, once',
  access: { role: 'admin', scope: null },
  body: z.object({ email: z.email(), role }),
  response: z.object({ invitation: invitationDto, url: z.string() }),
})
export const updateMember = route({
  id: 'updateMember',
  method: 'PATCH',
  path: '/api/v1/members/:id',
  tag,
  summary: 'Change a role',
  access: { role: 'admin', scope: null },
  params: idParams,
  body: z.object({ role }),
  response: memberDto,
})
export const removeMember = route({
  id: 'removeMember',
  method: 'DELETE',
  path: '/api/v1/members/:id',
  tag,
  summary: 'Remove a member; the last admin cannot be removed',
  access: { role: 'admin', scope: null },
  params: idParams,
  response: ok,
})
export const listApiKeys = route({
  id: 'listApiKeys',
  method: 'GET',
  path: '/api/v1/keys',
  tag,
  summary: 'API keys of the workspace, and where telemetry is sent with them',
  access: { role: 'admin', scope: null },
  /** `ingestUrl`: base of every HTTP path; `ingestGrpcUrl`: OTLP over gRPC. Both without a slash at the end. */
  response: listOf(apiKeyDto).extend({ ingestUrl: z.string(), ingestGrpcUrl: z.string() }),
})
export const createApiKey = route({
  id: 'createApiKey',
  method: 'POST',
  path: '/api/v1/keys',
  tag,
  summary: 'Create a key; the answer holds the secret, once',
  access: { role: 'admin', scope: null },
  body: z.object({ name, scopes: z.array(apiKeyScope).min(1) }),
  response: z.object({ key: apiKeyDto, secret: z.string() }),
})
export const revokeApiKey = route({
  id: 'revokeApiKey',
  method: 'DELETE',
  path: '/api/v1/keys/:id',
  tag,
  summary: 'Revoke a key',
  access: { role: 'admin', scope: null },
  params: idParams,
  response: ok,
})
