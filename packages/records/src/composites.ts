import { isComposite, sliSpec, type SliSpec } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { compositeGraph, cycleThrough, tooDeepThrough } from '@nines/slo'
import type { Database } from './client.ts'
import { requireReferences } from './workspace-references.ts'

/** A composite as it is now. */
export interface StoredComposite {
  id: string
  slug: string
  name: string
  sli: SliSpec
}

/** Composites of a workspace that are not archived, at their current versions, by name. */
export async function listComposites(db: Database, workspaceId: string): Promise<StoredComposite[]> {
  const rows = await db.$queryRaw<StoredComposite[]>`
    select s.id, s.slug, s.name, v.sli from "Slo" s
    join "SloVersion" v on v."sloId" = s.id and v.version = s."currentVersion"
    where s."workspaceId" = ${workspaceId} and s."archivedAt" is null and v.sli->>'kind' = 'composite'
    order by s.name, s.id`
  return rows.map((row) => ({ ...row, sli: sliSpec.parse(row.sli) }))
}

/** Composites that have the SLO as a member, by name. */
export async function compositesWith(db: Database, workspaceId: string, sloId: string): Promise<StoredComposite[]> {
  const composites = await listComposites(db, workspaceId)
  return composites.filter(({ sli }) => isComposite(sli) && sli.members.some((member) => member.sloId === sloId))
}

/** Holds back every other change of what composites of the workspace are made of until this transaction ends. */
async function lockComposites(tx: Database, workspaceId: string): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`composites of ${workspaceId}`}, 0))`
}

/**
 * Throws `invalid` naming what is wrong with the members of a composite: one that is no live SLO of the workspace, one that leads
 * back to the composite, or too many composites of composites. `id` is null before the SLO exists.
 */
export async function requireSoundComposite(
  tx: Database,
  workspaceId: string,
  id: string | null,
  sli: SliSpec,
): Promise<void> {
  if (!isComposite(sli)) return
  await lockComposites(tx, workspaceId)
  const paths = sli.members.map(({ sloId }, i) => ({ sloId, path: `body/sli/members/${i}/sloId` }))
  await requireReferences(
    tx,
    workspaceId,
    paths.map(({ sloId, path }) => ({ kind: 'slo', id: sloId, path })),
  )
  const composites = await listComposites(tx, workspaceId)
  const self = id ?? ''
  const graph = compositeGraph([...composites.filter((one) => one.id !== self), { id: self, sli }])
  const circle = cycleThrough(graph, self)
  if (circle) {
    const path = paths.find(({ sloId }) => sloId === circle[1])?.path ?? 'body/sli/members'
    throw invalid(path, `leads back to this SLO: ${await namesOf(tx, circle)}`)
  }
  const deep = tooDeepThrough(graph, self)
  if (deep) throw invalid('body/sli/members', `makes composites of more than 5 levels: ${await namesOf(tx, deep)}`)
}

/** Throws `conflict` naming the composites that an SLO is part of. */
export async function requireInNoComposite(tx: Database, workspaceId: string, sloId: string): Promise<void> {
  await lockComposites(tx, workspaceId)
  const [first, ...others] = await compositesWith(tx, workspaceId, sloId)
  if (!first) return
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  throw new NinesError(
    'conflict',
    `it is a member of the composite SLO "${first.name}"${more}: take it out there first`,
  )
}

function invalid(path: string, message: string): NinesError {
  return new NinesError('invalid', `${path}: ${message}`, { issues: [{ path, message }] })
}

async function namesOf(tx: Database, ids: readonly string[]): Promise<string> {
  const rows = await tx.slo.findMany({ where: { id: { in: [...ids] } }, select: { id: true, name: true } })
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return ids.map((id) => names.get(id) ?? 'this SLO').join(' → ')
}
