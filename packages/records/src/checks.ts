import { httpCheckConfig, type HttpCheckConfig } from '@nines/contracts'
import type { Database } from './client.ts'

export interface EnabledCheck {
  id: string
  name: string
  intervalSeconds: number
  timeoutMs: number
  config: HttpCheckConfig
}

/** What the probes of a workspace have to run, ordered by id. */
export async function listEnabledChecks(db: Database, workspaceId: string): Promise<EnabledCheck[]> {
  const rows = await db.check.findMany({ where: { workspaceId, enabled: true }, orderBy: { id: 'asc' } })
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    intervalSeconds: row.intervalSeconds,
    timeoutMs: row.timeoutMs,
    config: httpCheckConfig.parse(row.config),
  }))
}
