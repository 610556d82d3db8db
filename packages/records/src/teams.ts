import type { TeamDto } from '@nines/contracts'
import { newId } from '@nines/kernel'
import type { Database } from './client.ts'
import { refuseDuplicate } from './constraint-errors.ts'

/** Teams of a workspace by name. */
export async function listTeams(db: Database, workspaceId: string): Promise<TeamDto[]> {
  const rows = await db.team.findMany({ where: { workspaceId }, orderBy: [{ name: 'asc' }, { id: 'asc' }] })
  return rows.map(({ id, slug, name }) => ({ id, slug, name }))
}

export async function createTeam(
  db: Database,
  workspaceId: string,
  { slug, name }: { slug: string; name: string },
): Promise<TeamDto> {
  const row = await refuseDuplicate(
    db.team.create({ data: { id: newId('team'), workspaceId, slug, name } }),
    'body/slug',
    `there is a team with the slug "${slug}" already`,
  )
  return { id: row.id, slug: row.slug, name: row.name }
}
