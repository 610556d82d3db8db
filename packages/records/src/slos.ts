import { isDeepStrictEqual } from 'node:util'
import {
  alertCondition,
  isComposite,
  measuredOf,
  sliSpec,
  type Objective,
  type SliSpec,
  type SloDetail,
  type SloDto,
  type SloWindow,
} from '@nines/contracts'
import { newId, NinesError } from '@nines/kernel'
import { defaultAlertRules, followDefaultRule } from '@nines/slo'
import { toAlertRuleDto } from './alert-rules.ts'
import { retireAlerts, type RuleChange } from './alerts-retire.ts'
import { detachSlo } from './budget-attachments.ts'
import type { Database } from './client.ts'
import { requireInNoComposite, requireSoundComposite } from './composites.ts'
import { refuseDuplicate } from './constraint-errors.ts'
import type { Outcome } from './follow-ups.ts'
import type { PrismaClient, Slo, SloVersion } from './generated/client.ts'
import { instantOf } from './instants.ts'
import { lockedTransaction } from './locked-transaction.ts'
import { insertSlo } from './slo-creation.ts'
import { objectivesOf } from './slo-objectives.ts'
import { loadUserRefs } from './user-refs.ts'
import { requireReferences, type Reference } from './workspace-references.ts'

/** An SLO as PostgreSQL knows it; the status comes from the status board. */
export type StoredSlo = Omit<SloDto, 'status'>
export type StoredSloDetail = Omit<SloDetail, 'status'>

export interface SloInput {
  slug: string
  name: string
  description: string
  serviceId: string
  sli: SliSpec
  target: number
  window: SloWindow
  furtherObjectives: Objective[]
}

const service = { select: { id: true, slug: true, name: true } } as const
const newestVersion = { orderBy: { version: 'desc' }, take: 1 } as const

/** SLOs that are not archived, by service and name. */
export async function listSlos(db: Database, workspaceId: string, serviceId?: string): Promise<StoredSlo[]> {
  const rows = await db.slo.findMany({
    where: { workspaceId, archivedAt: null, ...(serviceId !== undefined && { serviceId }) },
    include: { service, versions: newestVersion },
    orderBy: [{ service: { name: 'asc' } }, { name: 'asc' }, { id: 'asc' }],
  })
  return rows.map(toStoredSlo)
}

/** A part of them: those behind the cursor, `limit` at most. */
export async function pageOfSlos(
  db: Database,
  workspaceId: string,
  { serviceId, limit, cursor }: { serviceId?: string | undefined; limit: number; cursor?: string | undefined },
): Promise<{ items: StoredSlo[]; nextCursor: string | null }> {
  if (cursor !== undefined && (await db.slo.count({ where: { id: cursor, workspaceId } })) === 0) {
    const message = 'is not the nextCursor of an answer'
    throw new NinesError('invalid', `query/cursor: ${message}`, { issues: [{ path: 'query/cursor', message }] })
  }
  const rows = await db.slo.findMany({
    where: { workspaceId, archivedAt: null, ...(serviceId !== undefined && { serviceId }) },
    include: { service, versions: newestVersion },
    orderBy: [{ service: { name: 'asc' } }, { name: 'asc' }, { id: 'asc' }],
    take: limit + 1,
    ...(cursor !== undefined && { cursor: { id: cursor }, skip: 1 }),
  })
  const items = rows.slice(0, limit).map(toStoredSlo)
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** SLOs by id, in the order of the ids; one that is not there or archived is left out. */
export async function findSlos(db: Database, workspaceId: string, ids: readonly string[]): Promise<StoredSlo[]> {
  const rows = await db.slo.findMany({
    where: { workspaceId, archivedAt: null, id: { in: [...ids] } },
    include: { service, versions: newestVersion },
  })
  const found = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = found.get(id)
    return row ? [toStoredSlo(row)] : []
  })
}

/** An SLO with all its versions, newest first, and its rules. An archived one is still found. */
export async function getSlo(db: Database, workspaceId: string, id: string): Promise<StoredSloDetail> {
  const row = await db.slo.findFirst({
    where: { id, workspaceId },
    include: { service, versions: { orderBy: { version: 'desc' } }, rules: { orderBy: { id: 'asc' } } },
  })
  if (row === null) throw new NinesError('not_found', 'there is no such SLO')
  const authors = await loadUserRefs(
    db,
    row.versions.map((version) => version.createdById),
  )
  return {
    ...toStoredSlo(row),
    versions: row.versions.map((version) => ({
      version: version.version,
      sli: sliSpec.parse(version.sli),
      ...objectivesOf(version),
      createdAt: instantOf(version.createdAt),
      createdBy: version.createdById === null ? null : (authors.get(version.createdById)?.name ?? null),
    })),
    rules: row.rules.map(toAlertRuleDto),
  }
}

/** Creates an SLO at version 1 with the default rules for its target and window. */
export async function createSlo(
  prisma: PrismaClient,
  workspaceId: string,
  input: SloInput,
  createdById: string | null,
): Promise<StoredSloDetail> {
  await requireReferences(prisma, workspaceId, referencesOf(input))
  const create = prisma.$transaction(async (tx) => {
    await requireSoundComposite(tx, workspaceId, null, input.sli)
    return insertSlo(tx, workspaceId, { ...input, createdById, rules: defaultAlertRules(input) })
  })
  const id = await refuseDuplicate(create, 'body/slug', slugTaken(input.slug))
  return getSlo(prisma, workspaceId, id)
}

/**
 * Changes an SLO. A different SLI, target or window makes a new version: what was measured under the old one stays as
 * it was. Rules that still are the defaults follow the new target and window; edited ones stay as their editor made them.
 */
export async function updateSlo(
  prisma: PrismaClient,
  workspaceId: string,
  id: string,
  input: SloInput,
  changedById: string | null,
): Promise<StoredSloDetail> {
  await getSlo(prisma, workspaceId, id)
  await requireReferences(prisma, workspaceId, referencesOf(input))
  const update = prisma.$transaction(async (tx) => {
    await requireSoundComposite(tx, workspaceId, id, input.sli)
    await tx.$queryRaw`select id from "Slo" where id = ${id} and "workspaceId" = ${workspaceId} for update`
    const current = await tx.slo.findFirst({
      where: { id, workspaceId, archivedAt: null },
      include: { versions: newestVersion, rules: true },
    })
    const [version] = current?.versions ?? []
    if (!current || !version) throw new NinesError('not_found', 'there is no such SLO')
    const { slug, name, description, serviceId } = input
    const number = meansTheSame(version, input) ? version.version : version.version + 1
    await tx.slo.update({ where: { id }, data: { slug, name, description, serviceId, currentVersion: number } })
    if (number === version.version) return
    const { sli, target, window, furtherObjectives } = input
    await tx.sloVersion.create({
      data: {
        id: newId('slv'),
        sloId: id,
        version: number,
        sli,
        target,
        window,
        furtherObjectives,
        createdById: changedById,
      },
    })
    await moveDefaultRules(tx, current.rules, version, input)
  })
  await refuseDuplicate(update, 'body/slug', slugTaken(input.slug))
  return getSlo(prisma, workspaceId, id)
}

/**
 * Archives an SLO: it is evaluated no more, its open alerts are resolved, its history stays. Its slug becomes free again.
 */
export async function archiveSlo(
  prisma: PrismaClient,
  workspaceId: string,
  id: string,
  change: RuleChange,
): Promise<Outcome> {
  return lockedTransaction(prisma, async (tx) => {
    await requireInNoComposite(tx, workspaceId, id)
    await tx.$queryRaw`select id from "Slo" where id = ${id} and "workspaceId" = ${workspaceId} for no key update`
    const rules = await tx.$queryRaw<{ id: string }[]>`
      select id from "AlertRule" where "sloId" = ${id} and "workspaceId" = ${workspaceId}
      order by id for no key update`
    const row = await tx.slo.findFirst({ where: { id, workspaceId, archivedAt: null } })
    if (row === null) throw new NinesError('not_found', 'there is no such SLO')
    await tx.slo.update({ where: { id }, data: { archivedAt: new Date(), slug: `${row.slug}~${id}` } })
    const ruleIds = rules.map((rule) => rule.id)
    const retired = await retireAlerts(tx, { workspaceId, ruleIds }, 'archiving its SLO', change)
    const detached = await detachSlo(tx, workspaceId, id, change)
    return {
      followUps: [...retired.followUps, ...detached.followUps],
      changes: [...retired.changes, ...detached.changes],
    }
  })
}

type Meaning = Pick<SloVersion, 'sli' | 'target' | 'window' | 'furtherObjectives'>

function meansTheSame(version: Meaning, input: SloInput): boolean {
  return (
    isDeepStrictEqual(objectivesOf(version), {
      target: input.target,
      window: input.window,
      furtherObjectives: input.furtherObjectives,
    }) && isDeepStrictEqual(sliSpec.parse(version.sli), sliSpec.parse(input.sli))
  )
}

async function moveDefaultRules(
  tx: Database,
  rules: { id: string; name: string; condition: unknown }[],
  before: Meaning,
  after: SloInput,
): Promise<void> {
  for (const rule of rules) {
    const condition = alertCondition.parse(rule.condition)
    const followed = followDefaultRule({ name: rule.name, condition }, objectivesOf(before), after)
    if (followed !== condition) await tx.alertRule.update({ where: { id: rule.id }, data: { condition: followed } })
  }
}

function referencesOf(input: SloInput): Reference[] {
  const references: Reference[] = [{ kind: 'service', id: input.serviceId, path: 'body/serviceId' }]
  if (isComposite(input.sli)) return references
  const sli = measuredOf(input.sli)
  if (sli.kind === 'availability')
    references.push({ kind: 'check', id: sli.checkId, path: `body/sli/${sli === input.sli ? '' : 'of/'}checkId` })
  return references
}

const slugTaken = (slug: string) => `there is an SLO with the slug "${slug}" already`

function toStoredSlo(row: Slo & { service: SloDto['service']; versions: SloVersion[] }): StoredSlo {
  const [version] = row.versions
  if (version === undefined) throw new NinesError('internal', `SLO ${row.id} has no version`)
  return {
    id: row.id,
    // An archived SLO has given its slug back; what it was called stays readable.
    slug: row.slug.split('~')[0] ?? row.slug,
    name: row.name,
    description: row.description,
    service: row.service,
    version: version.version,
    sli: sliSpec.parse(version.sli),
    ...objectivesOf(version),
    createdAt: instantOf(row.createdAt),
  }
}
