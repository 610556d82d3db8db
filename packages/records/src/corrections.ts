import type { CorrectionDto, CorrectionEffect } from '@nines/contracts'
import type { Actor } from '@nines/incidents'
import { newId, NinesError } from '@nines/kernel'
import { correctionProblems, type Correction } from '@nines/slo'
import type { Database } from './client.ts'
import type { Correction as CorrectionRow, Prisma, PrismaClient } from './generated/client.ts'
import { instantOf, instantOrNull } from './instants.ts'
import { optionalReference, requireReferences } from './workspace-references.ts'

export interface CorrectionInput {
  /** Both null: all SLOs of the workspace. */
  sloId: string | null
  serviceId: string | null
  effect: CorrectionEffect
  startsAt: Date
  endsAt: Date
  rrule: string | null
  timeZone: string
  outside: boolean
  reason: string
}

/** What a correction applies to. */
interface Scope {
  workspaceId: string
  sloId: string
  serviceId: string
}

const SHOWN = 500
const withFile = {
  codeObject: { select: { document: { select: { file: true } } } },
} as const satisfies Prisma.CorrectionInclude
type RowWithFile = Prisma.CorrectionGetPayload<{ include: typeof withFile }>

/** Corrections of a workspace, or those that apply to one SLO, newest first; revoked ones too. */
export async function listCorrections(db: Database, workspaceId: string, sloId?: string): Promise<CorrectionDto[]> {
  const slo = sloId === undefined ? null : await db.slo.findFirst({ where: { id: sloId, workspaceId } })
  if (sloId !== undefined && slo === null) return []
  const rows = await db.correction.findMany({
    where: slo === null ? { workspaceId } : inScope({ workspaceId, sloId: slo.id, serviceId: slo.serviceId }),
    include: withFile,
    orderBy: { id: 'desc' },
    take: SHOWN,
  })
  return rows.map(toCorrectionDto)
}

/** All corrections of a workspace that nobody revoked, the oldest first. */
export async function listHeldCorrections(db: Database, workspaceId: string): Promise<CorrectionDto[]> {
  const where = { workspaceId, revokedAt: null }
  return (await db.correction.findMany({ where, include: withFile, orderBy: { id: 'asc' } })).map(toCorrectionDto)
}

/** Corrections that apply to an SLO now: those that nobody revoked. */
export async function correctionsOf(
  db: Database,
  scope: Scope,
  asOf?: number,
): Promise<(Correction & { reason: string })[]> {
  const known = asOf === undefined ? { revokedAt: null } : heldAt(new Date(asOf))
  const rows = await db.correction.findMany({ where: { AND: [inScope(scope), known] }, orderBy: { id: 'asc' } })
  return rows.map((row) => ({ ...toCorrection(row), reason: row.reason }))
}

/** Gives, for any SLO of a workspace, what correctionsOf says of it at an instant, epoch ms: read once for all of them. */
export async function correctionsHeldAt(
  db: Database,
  workspaceId: string,
  asOf: number,
): Promise<(slo: { sloId: string; serviceId: string }) => (Correction & { reason: string })[]> {
  const where = { AND: [{ workspaceId }, heldAt(new Date(asOf))] }
  const rows = await db.correction.findMany({ where, orderBy: { id: 'asc' } })
  const all = rows.map((row) => ({ row, correction: { ...toCorrection(row), reason: row.reason } }))
  return ({ sloId, serviceId }) =>
    all
      .filter(({ row }) => (row.sloId ?? sloId) === sloId && (row.serviceId ?? serviceId) === serviceId)
      .map(({ correction }) => correction)
}

function heldAt(at: Date) {
  return { createdAt: { lte: at }, OR: [{ revokedAt: null }, { revokedAt: { gt: at } }] }
}

/** Gives, for any SLO of any workspace, the corrections that apply to it. */
export async function loadCorrections(db: Database): Promise<(scope: Scope) => Correction[]> {
  const rows = await db.correction.findMany({ where: { revokedAt: null }, orderBy: { id: 'asc' } })
  const byWorkspace = Map.groupBy(rows, (row) => row.workspaceId)
  return ({ workspaceId, sloId, serviceId }) =>
    (byWorkspace.get(workspaceId) ?? [])
      .filter((row) => (row.sloId ?? sloId) === sloId && (row.serviceId ?? serviceId) === serviceId)
      .map(toCorrection)
}

export async function createCorrection(
  db: Database,
  workspaceId: string,
  input: CorrectionInput,
  actor: Actor,
): Promise<CorrectionDto> {
  await requireReferences(db, workspaceId, [
    ...optionalReference('service', input.serviceId, 'body/serviceId'),
    ...optionalReference('slo', input.sloId, 'body/sloId'),
  ])
  requireUsable(input)
  const data = {
    ...input,
    id: newId('cor'),
    workspaceId,
    createdById: actor.id,
    createdByName: actor.name ?? 'unnamed',
  }
  return toCorrectionDto(await db.correction.create({ data, include: withFile }))
}

/** Undoes a correction, for the past too. One that was revoked before is a `conflict`. */
export async function revokeCorrection(
  db: Database,
  workspaceId: string,
  { id, reason }: { id: string; reason: string },
  actor: Actor,
): Promise<CorrectionDto> {
  const row = await db.correction.findFirst({ where: { id, workspaceId } })
  if (row === null) throw new NinesError('not_found', 'there is no such correction')
  const { count } = await db.correction.updateMany({
    where: { id, revokedAt: null },
    data: {
      revokedAt: new Date(),
      revokedById: actor.id,
      revokedByName: actor.name ?? 'unnamed',
      revokeReason: reason,
    },
  })
  if (count === 0) throw new NinesError('conflict', 'this correction was revoked before')
  return toCorrectionDto(await db.correction.findUniqueOrThrow({ where: { id }, include: withFile }))
}

/** Puts another correction in the place of one, which is revoked: records are never changed. */
export async function replaceCorrection(
  prisma: PrismaClient,
  workspaceId: string,
  revoked: { id: string; reason: string },
  input: CorrectionInput,
  actor: Actor,
): Promise<CorrectionDto> {
  return prisma.$transaction(async (tx) => {
    await revokeCorrection(tx, workspaceId, revoked, actor)
    return createCorrection(tx, workspaceId, input, actor)
  })
}

function requireUsable(input: CorrectionInput): void {
  const times = { startsAt: input.startsAt.getTime(), endsAt: input.endsAt.getTime() }
  const problems = correctionProblems({ ...input, ...times })
  const issues = problems.map(({ field, message }) => ({ path: `body/${field}`, message }))
  if (issues.length === 0) return
  throw new NinesError('invalid', issues.map(({ path, message }) => `${path}: ${message}`).join('; '), { issues })
}

function inScope({ workspaceId, sloId, serviceId }: Scope) {
  return { workspaceId, AND: [{ OR: [{ sloId: null }, { sloId }] }, { OR: [{ serviceId: null }, { serviceId }] }] }
}

function toCorrection({ id, effect, startsAt, endsAt, rrule, timeZone, outside }: CorrectionRow): Correction {
  return { id, effect, startsAt: startsAt.getTime(), endsAt: endsAt.getTime(), rrule, timeZone, outside }
}

function toCorrectionDto(row: RowWithFile): CorrectionDto {
  return {
    id: row.id,
    sloId: row.sloId,
    serviceId: row.serviceId,
    effect: row.effect,
    startsAt: instantOf(row.startsAt),
    endsAt: instantOf(row.endsAt),
    rrule: row.rrule,
    timeZone: row.timeZone,
    outside: row.outside,
    reason: row.reason,
    createdBy: row.createdByName,
    createdAt: instantOf(row.createdAt),
    revokedAt: instantOrNull(row.revokedAt),
    revokedBy: row.revokedByName,
    revokeReason: row.revokeReason,
    codeFile: row.codeObject?.document.file ?? null,
  }
}
