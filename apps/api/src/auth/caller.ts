import type { ApiKeyScope, Role } from '@nines/contracts'
import type { Actor } from '@nines/incidents'

/** Somebody signed in, in no workspace in particular. */
export interface SessionCaller {
  kind: 'session'
  userId: string
  name: string
  email: string
}

/** A member acting in a workspace. */
export interface MemberCaller {
  kind: 'member'
  workspace: CallerWorkspace
  userId: string
  name: string
  role: Role
}

/** A program acting in the workspace of its key. */
export interface KeyCaller {
  kind: 'key'
  workspace: CallerWorkspace
  keyId: string
  name: string
  scopes: ApiKeyScope[]
}

export interface CallerWorkspace {
  id: string
  /** Compact tenant number that telemetry rows carry. */
  number: number
  slug: string
}

export type WorkspaceCaller = MemberCaller | KeyCaller

/** The user behind a call, null for a key. */
export function userIdOf(caller: WorkspaceCaller): string | null {
  return caller.kind === 'member' ? caller.userId : null
}

/** Who did something, for timelines and alerts. */
export function actorOf(caller: WorkspaceCaller): Actor {
  return caller.kind === 'member'
    ? { id: caller.userId, name: caller.name, via: 'web' }
    : { id: null, name: `API key "${caller.name}"`, via: 'api' }
}
