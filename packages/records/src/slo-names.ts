import type { SloName } from '@nines/contracts'
import type { Database } from './client.ts'
import { Prisma } from './generated/client.ts'

/** Every SLO that is not archived by service and name, with no more than lists are put in order by. */
export async function listSloNames(db: Database, workspaceId: string, serviceId?: string): Promise<SloName[]> {
  const ofService = serviceId === undefined ? Prisma.empty : Prisma.sql`and s."serviceId" = ${serviceId}`
  const [[found], services] = await Promise.all([
    // One text: ten thousand rows of four values cost the client three times as much.
    db.$queryRaw<{ rows: string }[]>`
      select coalesce(json_agg(json_build_array(s.id, s.name, v.target, s."serviceId") order by o.name, s.name, s.id), '[]')::text
        as rows
      from "Slo" s
      join "SloVersion" v on v."sloId" = s.id and v.version = s."currentVersion"
      join "Service" o on o.id = s."serviceId"
      where s."workspaceId" = ${workspaceId} and s."archivedAt" is null ${ofService}`,
    db.service.findMany({ where: { workspaceId }, select: { id: true, slug: true, name: true } }),
  ])
  const refs = new Map(services.map((service) => [service.id, service]))
  const rows = JSON.parse(found?.rows ?? '[]') as [id: string, name: string, target: number, serviceId: string][]
  return rows.flatMap(([id, name, target, owner]) => {
    const service = refs.get(owner)
    // A service that came in between the two reads.
    return service ? [{ id, name, target, service }] : []
  })
}

/** How many SLOs of the workspace, or of one service, are not archived. */
export async function countSlos(db: Database, workspaceId: string, serviceId?: string): Promise<number> {
  return db.slo.count({ where: { workspaceId, archivedAt: null, ...(serviceId !== undefined && { serviceId }) } })
}
