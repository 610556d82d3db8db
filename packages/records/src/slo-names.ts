import type { SloName } from '@nines/contracts'
import type { Database } from './client.ts'
import { Prisma } from './generated/client.ts'

/** Every SLO that is not archived by service and name, with no more than lists are put in order by. */
export async function listSloNames(db: Database, workspaceId: string, serviceId?: string): Promise<SloName[]> {
  const ofService = serviceId === undefined ? Prisma.empty : Prisma.sql`and s."serviceId" = ${serviceId}`
  const [rows, services] = await Promise.all([
    db.$queryRaw<{ id: string; name: string; target: number; serviceId: string }[]>`
      select s.id, s.name, v.target, s."serviceId"
      from "Slo" s
      join "SloVersion" v on v."sloId" = s.id and v.version = s."currentVersion"
      join "Service" o on o.id = s."serviceId"
      where s."workspaceId" = ${workspaceId} and s."archivedAt" is null ${ofService}
      order by o.name, s.name, s.id`,
    db.service.findMany({ where: { workspaceId }, select: { id: true, slug: true, name: true } }),
  ])
  const refs = new Map(services.map((service) => [service.id, service]))
  return rows.flatMap(({ id, name, target, serviceId: owner }) => {
    const service = refs.get(owner)
    // A service that came in between the two reads.
    return service ? [{ id, name, target, service }] : []
  })
}

/** How many SLOs of the workspace, or of one service, are not archived. */
export async function countSlos(db: Database, workspaceId: string, serviceId?: string): Promise<number> {
  return db.slo.count({ where: { workspaceId, archivedAt: null, ...(serviceId !== undefined && { serviceId }) } })
}
