import { isDeepStrictEqual } from 'node:util'
import { newId } from '@nines/kernel'
import type { Database } from './client.ts'
import type { Change, ChangeRevision } from './generated/client.ts'

/** What somebody tells of a change, and may tell otherwise later. */
export type SaidOfChange = Pick<
  Change,
  'kind' | 'service' | 'environment' | 'version' | 'title' | 'url' | 'author' | 'startedAt' | 'endedAt'
>

/**
 * Keeps what a change said until `heldUntil`, when it says something else. To be called in the transaction that tells it anew,
 * where changes of a workspace take turns. Says whether it is something else.
 */
export async function keepRevision(tx: Database, known: Change, said: SaidOfChange, heldUntil: Date): Promise<boolean> {
  const before = saidOf(known)
  if (isDeepStrictEqual(before, said)) return false
  const { id: changeId, workspaceId, source, updatedAt: heldFrom } = known
  const data = { ...before, id: newId('chr'), changeId, workspaceId, source, heldFrom, heldUntil }
  await tx.changeRevision.create({ data })
  return true
}

/** Which changes are asked for, by what they say. */
export interface SaidWhere {
  workspaceId: string
  source?: Change['source']
  service?: { in: string[] }
  version?: { in: string[] }
  startedAt?: { lt: Date }
  OR?: ({ startedAt: { gte: Date } } | { endedAt: { gt: Date } })[]
}

/**
 * Changes by what they said at the instant (epoch ms), those that started last first, at most `most`. What a change said before
 * this was kept is not known: it is taken to have said the same.
 */
export async function changesAsOf(db: Database, where: SaidWhere, asOf: number, most?: number): Promise<Change[]> {
  const at = new Date(asOf)
  const held = { heldFrom: { lte: at }, heldUntil: { gt: at } }
  const orderBy = [{ startedAt: 'desc' as const }, { id: 'desc' as const }]
  const limit = most !== undefined && { take: most }
  const [now, then] = await Promise.all([
    db.change.findMany({
      where: { ...where, createdAt: { lte: at }, revisions: { none: held } },
      orderBy,
      ...limit,
    }),
    db.changeRevision.findMany({ where: { ...where, ...held }, include: { change: true }, orderBy, ...limit }),
  ])
  const former = then.map(({ change, ...revision }): Change => ({ ...change, ...saidOf(revision) }))
  return [...now, ...former].toSorted(byNewest).slice(0, most)
}

const byNewest = (a: Change, b: Change) =>
  b.startedAt.getTime() - a.startedAt.getTime() || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)

function saidOf(row: Change | ChangeRevision): SaidOfChange {
  const { kind, service, environment, version, title, url, author, startedAt, endedAt } = row
  return { kind, service, environment, version, title, url, author, startedAt, endedAt }
}
