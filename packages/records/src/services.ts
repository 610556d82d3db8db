import type { ServiceDto, TeamDto } from '@nines/contracts'
import { newId, NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import { refuseDuplicate, refuseReferenced } from './constraint-errors.ts'
import type { Service } from './generated/client.ts'
import { instantOf } from './instants.ts'
import { optionalReference, requireReferences } from './workspace-references.ts'

export type ServiceInput = Omit<ServiceDto, 'id' | 'team' | 'createdAt'> & { teamId: string | null }

const withTeam = { team: { select: { id: true, slug: true, name: true } } } as const

/** Services of a workspace, most critical first. */
export async function listServices(db: Database, workspaceId: string): Promise<ServiceDto[]> {
  const rows = await db.service.findMany({
    where: { workspaceId },
    include: withTeam,
    orderBy: [{ tier: 'asc' }, { name: 'asc' }, { id: 'asc' }],
  })
  return rows.map(toServiceDto)
}

/** A service; one of another workspace is `not_found`. */
export async function getService(db: Database, workspaceId: string, id: string): Promise<ServiceDto> {
  const row = await db.service.findFirst({ where: { id, workspaceId }, include: withTeam })
  if (row === null) throw new NinesError('not_found', 'there is no such service')
  return toServiceDto(row)
}

export async function createService(db: Database, workspaceId: string, input: ServiceInput): Promise<ServiceDto> {
  await requireServiceReferences(db, workspaceId, input)
  const create = db.service.create({ data: { id: newId('svc'), workspaceId, ...input }, include: withTeam })
  return toServiceDto(await refuseDuplicate(create, 'body/slug', slugTaken(input.slug)))
}

export async function updateService(
  db: Database,
  workspaceId: string,
  id: string,
  input: ServiceInput,
): Promise<ServiceDto> {
  await getService(db, workspaceId, id)
  await requireServiceReferences(db, workspaceId, input)
  const update = db.service.update({ where: { id }, data: input, include: withTeam })
  return toServiceDto(await refuseDuplicate(update, 'body/slug', slugTaken(input.slug)))
}

/** Deletes a service that nothing refers to; archived SLOs and past incidents count, since they are its history. */
export async function deleteService(db: Database, workspaceId: string, id: string): Promise<void> {
  await getService(db, workspaceId, id)
  await refuseReferenced(
    db.service.delete({ where: { id } }),
    'this service has SLOs (perhaps archived), checks or incidents and so cannot be deleted',
  )
}

async function requireServiceReferences(db: Database, workspaceId: string, input: ServiceInput): Promise<void> {
  await requireReferences(db, workspaceId, [
    ...optionalReference('team', input.teamId, 'body/teamId'),
    ...optionalReference('policy', input.escalationPolicyId, 'body/escalationPolicyId'),
  ])
}

const slugTaken = (slug: string) => `there is a service with the slug "${slug}" already`

function toServiceDto(row: Service & { team: TeamDto | null }): ServiceDto {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    tier: row.tier,
    runbookUrl: row.runbookUrl,
    team: row.team,
    escalationPolicyId: row.escalationPolicyId,
    createdAt: instantOf(row.createdAt),
  }
}
