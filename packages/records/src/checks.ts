import {
  httpCheckConfig,
  isComposite,
  measuredOf,
  sliSpec,
  type CheckDto,
  type HttpCheckConfig,
} from '@nines/contracts'
import { newId, NinesError } from '@nines/kernel'
import { noteCheckInterval } from './check-intervals.ts'
import type { Database } from './client.ts'
import type { Check, PrismaClient } from './generated/client.ts'
import { instantOf } from './instants.ts'
import { optionalReference, requireReferences } from './workspace-references.ts'

export interface EnabledCheck {
  id: string
  name: string
  intervalSeconds: number
  timeoutMs: number
  config: HttpCheckConfig
}

/** A check as PostgreSQL knows it; its runs are telemetry. */
export type StoredCheck = Omit<CheckDto, 'lastRun' | 'uptime24h'>

export interface CheckInput {
  name: string
  serviceId: string | null
  enabled: boolean
  intervalSeconds: number
  timeoutMs: number
  config: HttpCheckConfig
}

type CheckRow = Check & { service: CheckDto['service'] }

const withService = { service: { select: { id: true, slug: true, name: true } } } as const

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

/** Checks of a workspace by name. */
export async function listChecks(db: Database, workspaceId: string): Promise<StoredCheck[]> {
  const rows = await db.check.findMany({
    where: { workspaceId },
    include: withService,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  })
  return rows.map(toStoredCheck)
}

export async function getCheck(db: Database, workspaceId: string, id: string): Promise<StoredCheck> {
  const row = await db.check.findFirst({ where: { id, workspaceId }, include: withService })
  if (row === null) throw new NinesError('not_found', 'there is no such check')
  return toStoredCheck(row)
}

export async function createCheck(prisma: PrismaClient, workspaceId: string, input: CheckInput): Promise<StoredCheck> {
  await requireReferences(prisma, workspaceId, optionalReference('service', input.serviceId, 'body/serviceId'))
  return prisma.$transaction(async (tx) => {
    const data = { id: newId('chk'), workspaceId, ...input }
    return withInterval(tx, await tx.check.create({ data, include: withService }))
  })
}

export async function updateCheck(
  prisma: PrismaClient,
  workspaceId: string,
  id: string,
  input: CheckInput,
): Promise<StoredCheck> {
  await getCheck(prisma, workspaceId, id)
  await requireReferences(prisma, workspaceId, optionalReference('service', input.serviceId, 'body/serviceId'))
  return prisma.$transaction(async (tx) =>
    withInterval(tx, await tx.check.update({ where: { id }, data: input, include: withService })),
  )
}

/** Keeps how often it runs from now on. */
async function withInterval(tx: Database, row: CheckRow): Promise<StoredCheck> {
  const { id: checkId, workspaceId, enabled, intervalSeconds } = row
  await noteCheckInterval(tx, { workspaceId, checkId }, enabled ? intervalSeconds : null)
  return toStoredCheck(row)
}

/** Deletes a check, unless an SLO is measured by it. How often it ran stays on record: figures of the past go by that. */
export async function deleteCheck(prisma: PrismaClient, workspaceId: string, id: string): Promise<void> {
  await getCheck(prisma, workspaceId, id)
  const slos = await prisma.slo.findMany({
    where: { workspaceId, archivedAt: null },
    include: { versions: { orderBy: { version: 'desc' }, take: 1 } },
  })
  const user = slos.find((slo) =>
    slo.versions.some((version) => {
      const whole = sliSpec.parse(version.sli)
      if (isComposite(whole)) return false
      const sli = measuredOf(whole)
      return sli.kind === 'availability' && sli.checkId === id
    }),
  )
  if (user !== undefined) throw new NinesError('conflict', `the SLO "${user.name}" is measured by this check`)
  await prisma.$transaction(async (tx) => {
    await tx.check.delete({ where: { id } })
    await noteCheckInterval(tx, { workspaceId, checkId: id }, null)
  })
}

function toStoredCheck(row: CheckRow): StoredCheck {
  return {
    id: row.id,
    name: row.name,
    service: row.service,
    enabled: row.enabled,
    intervalSeconds: row.intervalSeconds,
    timeoutMs: row.timeoutMs,
    config: httpCheckConfig.parse(row.config),
    createdAt: instantOf(row.createdAt),
  }
}
