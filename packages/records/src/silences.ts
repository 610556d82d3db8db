import type { SilenceDto } from '@nines/contracts'
import { newId, NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import type { Silence } from './generated/client.ts'
import { instantOf } from './instants.ts'
import { loadUserRefs } from './user-refs.ts'
import { optionalReference, requireReferences } from './workspace-references.ts'

export interface SilenceInput {
  /** Both null: the whole workspace. */
  serviceId: string | null
  sloId: string | null
  startsAt: Date
  endsAt: Date
  comment: string
  /** null when an API key made it. */
  createdById: string | null
}

const SHOWN = 200

/** Silences of a workspace: active and upcoming ones first, then those that ended, newest first. */
export async function listSilences(db: Database, workspaceId: string): Promise<SilenceDto[]> {
  const rows = await db.silence.findMany({ where: { workspaceId }, orderBy: { endsAt: 'desc' }, take: SHOWN })
  const now = Date.now()
  const over = (row: Silence) => row.endsAt.getTime() <= now
  const sorted = [...rows.filter((row) => !over(row)), ...rows.filter(over)]
  const names = await namesOf(db, rows)
  return sorted.map((row) => toSilenceDto(row, names, now))
}

export async function createSilence(db: Database, workspaceId: string, input: SilenceInput): Promise<SilenceDto> {
  await requireReferences(db, workspaceId, [
    ...optionalReference('service', input.serviceId, 'body/serviceId'),
    ...optionalReference('slo', input.sloId, 'body/sloId'),
  ])
  if (input.endsAt <= input.startsAt || input.endsAt.getTime() <= Date.now()) {
    const message = 'must be later than the start and than now'
    throw new NinesError('invalid', `body/endsAt: ${message}`, { issues: [{ path: 'body/endsAt', message }] })
  }
  const row = await db.silence.create({ data: { id: newId('sil'), workspaceId, ...input } })
  return toSilenceDto(row, await namesOf(db, [row]), Date.now())
}

/** Ends a silence now; one that is over already stays as it was. */
export async function expireSilence(db: Database, workspaceId: string, id: string): Promise<void> {
  const row = await db.silence.findFirst({ where: { id, workspaceId } })
  if (row === null) throw new NinesError('not_found', 'there is no such silence')
  await db.$executeRaw`
    update "Silence" set "endsAt" = now(), "startsAt" = least("startsAt", now())
    where id = ${id} and "endsAt" > now()`
}

async function namesOf(db: Database, rows: Silence[]): Promise<Map<string, string>> {
  const users = await loadUserRefs(
    db,
    rows.map((row) => row.createdById),
  )
  return new Map([...users].map(([id, user]) => [id, user.name]))
}

function toSilenceDto(row: Silence, names: Map<string, string>, now: number): SilenceDto {
  return {
    id: row.id,
    serviceId: row.serviceId,
    sloId: row.sloId,
    startsAt: instantOf(row.startsAt),
    endsAt: instantOf(row.endsAt),
    comment: row.comment,
    createdBy: row.createdById === null ? 'API key' : (names.get(row.createdById) ?? 'former member'),
    active: row.startsAt.getTime() <= now && now < row.endsAt.getTime(),
  }
}
