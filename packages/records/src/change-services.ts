import type { Database } from './client.ts'

/** A catalogued service with every name under which changes may speak of it. */
export interface NamedService {
  id: string
  slug: string
  name: string
  /** Its slug, its name and the `service.name` values that its SLOs measure. */
  names: ReadonlySet<string>
}

/** The services of a workspace with their names. Archived SLOs count: their history is still looked at. */
export async function namedServices(db: Database, workspaceId: string): Promise<NamedService[]> {
  const rows = await db.service.findMany({
    where: { workspaceId },
    orderBy: { id: 'asc' },
    include: { slos: { include: { versions: { orderBy: { version: 'desc' }, take: 1 } } } },
  })
  return rows.map(({ id, slug, name, slos }) => ({
    id,
    slug,
    name,
    names: new Set([slug, name, ...slos.flatMap((slo) => slo.versions.flatMap(({ sli }) => measuredServices(sli)))]),
  }))
}

/** Services whose spans an indicator counts, and those that a selector somewhere in it names by `service.name`. */
function measuredServices(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(measuredServices)
  if (typeof part !== 'object' || part === null) return []
  const { kind, service, label, op, value, ...rest } = part as Record<string, unknown>
  if (kind === 'spans' && typeof service === 'string') return [service, ...measuredServices(Object.values(rest))]
  if (label === 'service.name' && op === '=' && typeof value === 'string') return [value]
  return Object.values(part).flatMap(measuredServices)
}
