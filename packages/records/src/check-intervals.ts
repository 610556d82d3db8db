import { isComposite, measuredOf, type SliSpec } from '@nines/contracts'
import type { Database } from './client.ts'

/** Gives, of an availability SLI of a workspace, the seconds between two runs of its check now; null of others, and without an enabled check. */
export async function checkIntervals(db: Database, workspaceId: string): Promise<(sli: SliSpec) => number | null> {
  const where = { workspaceId, enabled: true }
  const checks = await db.check.findMany({ where, select: { id: true, intervalSeconds: true } })
  const intervals = new Map(checks.map(({ id, intervalSeconds }) => [id, intervalSeconds]))
  return (sli) => {
    const measured = isComposite(sli) ? null : measuredOf(sli)
    return measured?.kind === 'availability' ? (intervals.get(measured.checkId) ?? null) : null
  }
}
