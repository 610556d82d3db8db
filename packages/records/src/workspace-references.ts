import { NinesError } from '@nines/kernel'
import type { Database } from './client.ts'

/** An id in a request body and the JSON path it stood at. */
export interface Reference {
  kind: 'team' | 'service' | 'slo' | 'check' | 'policy' | 'schedule' | 'channel' | 'member'
  id: string
  path: string
}

const COUNT: Record<Reference['kind'], (db: Database, workspaceId: string, id: string) => Promise<number>> = {
  team: (db, workspaceId, id) => db.team.count({ where: { id, workspaceId } }),
  service: (db, workspaceId, id) => db.service.count({ where: { id, workspaceId } }),
  slo: (db, workspaceId, id) => db.slo.count({ where: { id, workspaceId, archivedAt: null } }),
  check: (db, workspaceId, id) => db.check.count({ where: { id, workspaceId } }),
  policy: (db, workspaceId, id) => db.escalationPolicy.count({ where: { id, workspaceId } }),
  schedule: (db, workspaceId, id) => db.schedule.count({ where: { id, workspaceId } }),
  channel: (db, workspaceId, id) => db.channel.count({ where: { id, workspaceId, deletedAt: null } }),
  member: (db, workspaceId, id) => db.membership.count({ where: { workspaceId, userId: id } }),
}

const NOUN: Record<Reference['kind'], string> = {
  team: 'team',
  service: 'service',
  slo: 'SLO',
  check: 'check',
  policy: 'escalation policy',
  schedule: 'schedule',
  channel: 'channel',
  member: 'member',
}

/**
 * Throws `invalid` naming every reference that is no live thing of this workspace. One of another workspace looks
 * exactly like one that does not exist.
 */
export async function requireReferences(db: Database, workspaceId: string, references: Reference[]): Promise<void> {
  const issues: { path: string; message: string }[] = []
  for (const reference of references) {
    if ((await COUNT[reference.kind](db, workspaceId, reference.id)) > 0) continue
    issues.push({ path: reference.path, message: `there is no such ${NOUN[reference.kind]}` })
  }
  if (issues.length === 0) return
  throw new NinesError('invalid', issues.map((issue) => `${issue.path}: ${issue.message}`).join('; '), { issues })
}

/** The reference at `path`, or none when the field is null. */
export function optionalReference(kind: Reference['kind'], id: string | null, path: string): Reference[] {
  return id === null ? [] : [{ kind, id, path }]
}
