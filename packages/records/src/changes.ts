import type { ChangeDto, ChangeKind, ChangeSource } from '@nines/contracts'
import { newId, NinesError } from '@nines/kernel'
import { changesAsOf, keepRevision, type SaidOfChange } from './change-revisions.ts'
import { recordOnIncidents } from './changes-on-incidents.ts'
import { namedServices, type NamedService } from './change-services.ts'
import type { Database } from './client.ts'
import { noOutcome, type Outcome } from './follow-ups.ts'
import type { Change, PrismaClient } from './generated/client.ts'
import { instantOf, instantOrNull } from './instants.ts'
import { databaseNow, lockedTransaction } from './locked-transaction.ts'

export interface ChangeInput {
  externalId: string
  service: string
  environment: string
  kind: ChangeKind
  source: ChangeSource
  version: string | null
  title?: string | undefined
  url: string | null
  author: string | null
  /** Left out: when it was first recorded. */
  startedAt?: Date | undefined
  endedAt: Date | null
  /** null when an API key or spans told it. */
  createdById: string | null
}

export interface ChangeFilter {
  /** Slug or name of a catalogued service, or the name that changes carry. */
  service?: string | undefined
  environment?: string | undefined
  kind?: ChangeKind | undefined
  source?: ChangeSource | undefined
  /** Under way at some time in [from, to). */
  from?: Date | undefined
  to?: Date | undefined
  limit: number
  /** Id of the last change of the page before. */
  cursor?: string | undefined
}

/** A version that spans show this long around a deploy that somebody reported is that deploy. */
const ECHO_MS = 24 * 3_600_000

/**
 * Records a change once by its source and external id: told again, it replaces what was said before, keeping its id and,
 * where none is given, its start. Incidents that it may explain get it on their timeline.
 */
export async function recordChange(
  prisma: PrismaClient,
  workspaceId: string,
  input: ChangeInput,
): Promise<Outcome & { change: ChangeDto }> {
  const { startedAt, externalId, source, createdById } = input
  if (startedAt && input.endedAt && input.endedAt < startedAt) refuseEnd()
  return lockedTransaction(prisma, async (tx) => {
    // Openings of incidents take turns with it, so that neither misses the other.
    await tx.$queryRaw`select id from "Workspace" where id = ${workspaceId} for no key update`
    const where = { workspaceId_source_externalId: { workspaceId, source, externalId } }
    const known = await tx.change.findUnique({ where })
    const { kind, service, environment, version, url, author, endedAt } = input
    const from = startedAt ?? known?.startedAt ?? new Date()
    if (endedAt && endedAt < from) refuseEnd()
    const title = input.title ?? titleOf(input)
    const said = { kind, service, environment, version, url, author, endedAt, title, startedAt: from }
    const row = known
      ? await retold(tx, known, said)
      : await tx.change.create({ data: { ...said, id: newId('chg'), workspaceId, source, externalId, createdById } })
    const services = await namedServices(tx, workspaceId)
    const isEcho = withoutEchoes([row], await reportedNear(tx, workspaceId, [row])).length === 0
    const incidents = isEcho ? [] : await recordOnIncidents(tx, row, services)
    return {
      ...noOutcome(),
      changes: incidents.map((id) => ({ type: 'incident.changed' as const, id })),
      change: toChangeDto(row, services),
    }
  })
}

/** What was said before stays known. Told once more the same it is as it was. */
async function retold(tx: Database, known: Change, said: SaidOfChange): Promise<Change> {
  const updatedAt = new Date(await databaseNow(tx))
  if (!(await keepRevision(tx, known, said, updatedAt))) return known
  return tx.change.update({ where: { id: known.id }, data: { ...said, updatedAt } })
}

/** Changes, newest first. A version that spans showed and somebody reported as a deploy stands there once. */
export async function listChanges(
  db: Database,
  workspaceId: string,
  filter: ChangeFilter,
): Promise<{ items: ChangeDto[]; nextCursor: string | null }> {
  const services = await namedServices(db, workspaceId)
  const { environment, kind, source, limit, cursor } = filter
  const rows = await db.change.findMany({
    where: {
      workspaceId,
      environment,
      kind,
      source,
      ...(filter.service !== undefined && { service: { in: namesFor(filter.service, services) } }),
      ...during(filter),
    },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
    ...(cursor !== undefined && { cursor: { id: await ownCursor(db, workspaceId, cursor) }, skip: 1 }),
  })
  const shown = rows.slice(0, limit)
  const items = withoutEchoes(shown, await reportedNear(db, workspaceId, shown))
  return {
    items: items.map((row) => toChangeDto(row, services)),
    nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  }
}

/** Changes of one catalogued service that were under way at some time in [from, to) (epoch ms), oldest first. */
export async function changesOfService(
  db: Database,
  workspaceId: string,
  serviceId: string,
  { from, to }: { from: number; to: number },
): Promise<ChangeDto[]> {
  const services = await namedServices(db, workspaceId)
  const names = [...(services.find((service) => service.id === serviceId)?.names ?? [])]
  const rows = await db.change.findMany({
    where: { workspaceId, service: { in: names }, ...during({ from: new Date(from), to: new Date(to) }) },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take: 1000,
  })
  const items = withoutEchoes(rows, await reportedNear(db, workspaceId, rows))
  return items.toReversed().map((row) => toChangeDto(row, services))
}

/** More than this is a report over too much. */
const MOST_FOR_A_REPORT = 50_000

/**
 * As changesOfService, for every catalogued service of a workspace at once, by its id; as changes were told by `asOf`, epoch ms.
 * More than fifty thousand are `too_large`.
 */
export async function changesByService(
  db: Database,
  workspaceId: string,
  { from, to, asOf }: { from: number; to: number; asOf: number },
): Promise<Map<string, ChangeDto[]>> {
  const services = await namedServices(db, workspaceId)
  const names = [...new Set(services.flatMap((service) => [...service.names]))]
  const where = { workspaceId, service: { in: names }, ...during({ from: new Date(from), to: new Date(to) }) }
  const rows = await changesAsOf(db, where, asOf, MOST_FOR_A_REPORT + 1)
  if (rows.length > MOST_FOR_A_REPORT)
    throw new NinesError('too_large', `more than ${MOST_FOR_A_REPORT} changes lie in this time: choose a shorter one`)
  const items = withoutEchoes(rows, await reportedNear(db, workspaceId, rows, asOf)).toReversed()
  return new Map(
    services.map(({ id, names: own }) => [
      id,
      items.filter((row) => own.has(row.service)).map((row) => toChangeDto(row, services)),
    ]),
  )
}

function during({ from, to }: Pick<ChangeFilter, 'from' | 'to'>) {
  return {
    ...(to && { startedAt: { lt: to } }),
    ...(from && { OR: [{ startedAt: { gte: from } }, { endedAt: { gt: from } }] }),
  }
}

function namesFor(wanted: string, services: NamedService[]): string[] {
  const meant = services.filter((service) => service.slug === wanted || service.name === wanted)
  return [wanted, ...meant.flatMap((service) => [...service.names])]
}

/** The cursor where it is a change of this workspace; a foreign one is refused like one that does not exist. */
async function ownCursor(db: Database, workspaceId: string, cursor: string): Promise<string> {
  if ((await db.change.count({ where: { id: cursor, workspaceId } })) > 0) return cursor
  const message = 'is not the nextCursor of an answer'
  throw new NinesError('invalid', `query/cursor: ${message}`, { issues: [{ path: 'query/cursor', message }] })
}

/** Deploys that somebody reported (by the instant, where one is given) with a version that one of the changes from spans has. */
async function reportedNear(db: Database, workspaceId: string, rows: Change[], asOf?: number): Promise<Change[]> {
  const versions = rows.flatMap(({ source, version }) => (source === 'spans' && version !== null ? [version] : []))
  if (versions.length === 0) return []
  const where = { workspaceId, source: 'api' as const, version: { in: [...new Set(versions)] } }
  return asOf === undefined ? db.change.findMany({ where }) : changesAsOf(db, where, asOf)
}

function withoutEchoes(rows: Change[], reported: Change[]): Change[] {
  const isEcho = (row: Change) =>
    reported.some(
      (told) =>
        told.version === row.version &&
        told.service === row.service &&
        Math.abs(told.startedAt.getTime() - row.startedAt.getTime()) <= ECHO_MS,
    )
  return rows.filter((row) => row.source !== 'spans' || !isEcho(row))
}

function titleOf({ kind, service, version }: ChangeInput): string {
  const what = { deploy: 'Deploy', config: 'Config change', feature_flag: 'Feature flag' }[kind]
  return version === null ? `${what} of ${service}` : `${what} of ${service} ${version}`
}

function refuseEnd(): never {
  const message = 'must not be earlier than the start'
  throw new NinesError('invalid', `body/endedAt: ${message}`, { issues: [{ path: 'body/endedAt', message }] })
}

/** A change as the API shows it, with the catalogued service that is known by its name. */
export function toChangeDto(row: Change, services: readonly NamedService[]): ChangeDto {
  const found = services.find(({ names }) => names.has(row.service))
  return {
    id: row.id,
    kind: row.kind,
    source: row.source,
    externalId: row.externalId,
    serviceName: row.service,
    service: found ? { id: found.id, slug: found.slug, name: found.name } : null,
    environment: row.environment,
    version: row.version,
    title: row.title,
    url: row.url,
    author: row.author,
    startedAt: instantOf(row.startedAt),
    endedAt: instantOrNull(row.endedAt),
    createdAt: instantOf(row.createdAt),
  }
}
