import type { Database } from './client.ts'

/** Short names, by which code knows things, by id. */
export interface ShortNames {
  slos: ReadonlyMap<string, string>
  services: ReadonlyMap<string, string>
}

/** Of the SLOs of a workspace that are not archived and of its services, as far as their ids are given. */
export async function findShortNames(
  db: Database,
  workspaceId: string,
  { sloIds, serviceIds }: { sloIds: readonly string[]; serviceIds: readonly string[] },
): Promise<ShortNames> {
  const select = { id: true, slug: true } as const
  const [slos, services] = await Promise.all([
    db.slo.findMany({ where: { workspaceId, id: { in: [...sloIds] }, archivedAt: null }, select }),
    db.service.findMany({ where: { workspaceId, id: { in: [...serviceIds] } }, select }),
  ])
  const byId = (rows: readonly { id: string; slug: string }[]) => new Map(rows.map(({ id, slug }) => [id, slug]))
  return { slos: byId(slos), services: byId(services) }
}
