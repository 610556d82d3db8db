import { z } from 'zod'

/** Workspace roles, weakest first; each may do all that the ones before it may. */
export const role = z.enum(['viewer', 'responder', 'editor', 'admin'])
export type Role = z.infer<typeof role>

export const ROLE_RANK: Record<Role, number> = { viewer: 0, responder: 1, editor: 2, admin: 3 }

/** What an API key may do. `write` includes `read`; `ingest` includes neither; none of them manages keys and members. */
export const apiKeyScope = z.enum(['ingest', 'read', 'write'])
export type ApiKeyScope = z.infer<typeof apiKeyScope>

export function hasRole(actual: Role, needed: Role): boolean {
  return ROLE_RANK[actual] >= ROLE_RANK[needed]
}
