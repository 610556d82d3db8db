import { hasRole, type Access, type ApiKeyScope } from '@nines/contracts'
import { hashToken, NinesError } from '@nines/kernel'
import { findMembership, type PrismaClient } from '@nines/records'
import type { FastifyRequest } from 'fastify'
import type { ApiKeyCache } from './api-key-cache.ts'
import type { Auth } from './auth.ts'
import type { KeyCaller, MemberCaller, SessionCaller, WorkspaceCaller } from './caller.ts'
import { authHeaders } from './mount-auth.ts'
import { requireSameOrigin } from './same-origin.ts'

export interface Authenticator {
  auth: Auth
  prisma: PrismaClient
  keys: ApiKeyCache
  publicUrl: string
}

type WorkspaceAccess = Exclude<Access, string>

/** The signed-in user; `unauthenticated` without a valid session cookie, `forbidden` for a request of another site. */
export async function authenticateSession(
  { auth, publicUrl }: Authenticator,
  request: FastifyRequest,
): Promise<SessionCaller> {
  const session = request.headers.cookie === undefined ? null : await findSession(auth, request)
  if (session === null) throw new NinesError('unauthenticated', 'sign in, or send an API key as a bearer token')
  requireSameOrigin(request, publicUrl, { required: true })
  return { kind: 'session', userId: session.user.id, name: session.user.name, email: session.user.email }
}

/**
 * Who calls, in which workspace, and that they may: a key with the scope, or a member with the role. The workspace is
 * the key's, or the one named by the header `x-nines-workspace` (slug), which is `not_found` unless the caller belongs to it.
 */
export async function authenticateInWorkspace(
  authenticator: Authenticator,
  request: FastifyRequest,
  access: WorkspaceAccess,
  slug = workspaceHeader(request),
): Promise<WorkspaceCaller> {
  const { authorization } = request.headers
  if (authorization !== undefined) return authenticateKey(authenticator.keys, authorization, access, slug)
  return authenticateMember(authenticator, request, access, slug)
}

async function authenticateKey(
  keys: ApiKeyCache,
  authorization: string,
  access: WorkspaceAccess,
  slug: string | undefined,
): Promise<KeyCaller> {
  const token = /^bearer (\S+)$/i.exec(authorization)?.[1]
  const key = token === undefined ? null : await keys.find(hashToken(token))
  if (key === null) throw new NinesError('unauthenticated', 'this API key is unknown or revoked')
  if (slug !== undefined && slug !== key.workspaceSlug) throw noSuchWorkspace()
  if (access.scope === null)
    throw new NinesError('forbidden', 'no API key may manage keys and members: sign in as an admin')
  if (!allows(key.scopes, access.scope))
    throw new NinesError('forbidden', `this API key lacks the scope "${access.scope}"`)
  return {
    kind: 'key',
    workspace: { id: key.workspaceId, number: key.workspaceNumber, slug: key.workspaceSlug },
    keyId: key.keyId,
    name: key.name,
    scopes: key.scopes,
  }
}

async function authenticateMember(
  authenticator: Authenticator,
  request: FastifyRequest,
  access: WorkspaceAccess,
  slug: string | undefined,
): Promise<MemberCaller> {
  const { userId, name } = await authenticateSession(authenticator, request)
  const membership = await findMembership(authenticator.prisma, userId, slug)
  if (membership === null) throw noSuchWorkspace()
  const { workspace, role } = membership
  if (!hasRole(role, access.role))
    throw new NinesError('forbidden', `this needs the role ${access.role}; yours is ${role}`)
  return { kind: 'member', workspace, userId, name, role }
}

async function findSession(auth: Auth, request: FastifyRequest) {
  return auth.api.getSession({ headers: authHeaders(request) })
}

/** `write` includes `read`; `ingest` includes neither. */
function allows(scopes: ApiKeyScope[], needed: NonNullable<WorkspaceAccess['scope']>): boolean {
  return scopes.includes('write') || scopes.includes(needed)
}

function workspaceHeader(request: FastifyRequest): string | undefined {
  const value = request.headers['x-nines-workspace']
  return Array.isArray(value) ? value[0] : value
}

function noSuchWorkspace(): NinesError {
  return new NinesError('not_found', 'there is no such workspace')
}
