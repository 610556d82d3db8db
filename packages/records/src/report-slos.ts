import { isComposite, sliSpec, type TeamDto } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { ReportVersion } from '@nines/slo'
import type { Database } from './client.ts'
import type { Slo, SloVersion } from './generated/client.ts'
import { objectivesOf } from './slo-objectives.ts'

/** An SLO that a report may be about, with the versions that were known. Instants are epoch ms. */
export interface ReportSlo {
  id: string
  slug: string
  name: string
  service: { id: string; slug: string; name: string }
  /** Of the service; null without one. */
  team: TeamDto | null
  createdAt: number
  /** null while it was not archived at the instant known. */
  archivedAt: number | null
  versions: ReportVersion[]
}

export interface ReportSelection {
  workspaceId: string
  /** Id or slug; null: services without a team; left out: all. */
  team?: string | null
  /** Id or slug; left out: all. */
  service?: string
  /** SLOs and versions that existed at this instant. */
  asOf: number
  /** SLOs that were archived before this instant are left out. */
  from: number
}

const team = { select: { id: true, slug: true, name: true } } as const

/**
 * SLOs of a selection: by team (those without one last), service, name and id. Names and teams are those of today. A
 * team or service of another workspace, or none, is `not_found`.
 */
export async function reportSlos(db: Database, selection: ReportSelection): Promise<ReportSlo[]> {
  const { workspaceId, asOf, from } = selection
  const rows = await db.slo.findMany({
    where: {
      workspaceId,
      service: await serviceFilter(db, selection),
      createdAt: { lte: new Date(asOf) },
      OR: [{ archivedAt: null }, { archivedAt: { gt: new Date(from) } }],
    },
    include: included(asOf),
    orderBy: [{ service: { name: 'asc' } }, { name: 'asc' }, { id: 'asc' }],
  })
  return rows.map((row) => toReportSlo(row, asOf)).toSorted((a, b) => byTeam(a.team, b.team))
}

/** The SLOs that composites among these are made of, in any of their versions, and what those are made of, without these. */
export async function reportMembers(
  db: Database,
  { workspaceId, asOf }: Pick<ReportSelection, 'workspaceId' | 'asOf'>,
  slos: readonly ReportSlo[],
): Promise<ReportSlo[]> {
  const known = new Set(slos.map(({ id }) => id))
  const members: ReportSlo[] = []
  for (let level = slos; level.length > 0;) {
    const ids = [...new Set(level.flatMap(memberIdsOf))].filter((id) => !known.has(id))
    const rows = await db.slo.findMany({
      where: { workspaceId, id: { in: ids } },
      include: included(asOf),
      orderBy: { id: 'asc' },
    })
    level = rows.map((row) => toReportSlo(row, asOf))
    members.push(...level)
    for (const id of ids) known.add(id)
  }
  return members
}

function memberIdsOf({ versions }: ReportSlo): string[] {
  return versions.flatMap(({ sli }) => (isComposite(sli) ? sli.members.map(({ sloId }) => sloId) : []))
}

function included(asOf: number) {
  return {
    service: { select: { id: true, slug: true, name: true, team } },
    versions: { where: { createdAt: { lte: new Date(asOf) } }, orderBy: { version: 'asc' } },
  } as const
}

type SloRow = Slo & { service: ReportSlo['service'] & { team: TeamDto | null }; versions: SloVersion[] }

function toReportSlo({ id, slug, name, service, createdAt, archivedAt, versions }: SloRow, asOf: number): ReportSlo {
  return {
    id,
    slug: slug.split('~')[0] ?? slug,
    name,
    service: { id: service.id, slug: service.slug, name: service.name },
    team: service.team,
    createdAt: createdAt.getTime(),
    archivedAt: archivedAt !== null && archivedAt.getTime() <= asOf ? archivedAt.getTime() : null,
    versions: versions.map((version) => ({
      version: version.version,
      createdAt: version.createdAt.getTime(),
      sli: sliSpec.parse(version.sli),
      ...objectivesOf(version),
    })),
  }
}

/** By name, then id; none last. */
function byTeam(a: TeamDto | null, b: TeamDto | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return compareText(a.name, b.name) || compareText(a.id, b.id)
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

async function serviceFilter(db: Database, { workspaceId, team: wantedTeam, service }: ReportSelection) {
  const named = (value: string) => ({ workspaceId, OR: [{ id: value }, { slug: value }] })
  if (wantedTeam !== undefined && wantedTeam !== null && (await db.team.count({ where: named(wantedTeam) })) === 0)
    throw new NinesError('not_found', 'there is no such team')
  if (service !== undefined && (await db.service.count({ where: named(service) })) === 0)
    throw new NinesError('not_found', 'there is no such service')
  return {
    ...(service !== undefined && named(service)),
    ...(wantedTeam !== undefined && { team: wantedTeam === null ? null : named(wantedTeam) }),
  }
}
