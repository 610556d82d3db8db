import { listSlos as route } from '@nines/contracts'
import { readSloStatuses, readStatusesOf } from '@nines/pipeline'
import { listSlos as findSlos, pageOfSlos } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const listSlos = handle(route, async ({ workspace, query }, { prisma, redis, redisPrefix }) => {
  const { serviceId, limit, cursor } = query
  if (limit === undefined && cursor === undefined) {
    const slos = await findSlos(prisma, workspace.id, serviceId)
    const statuses = await readSloStatuses(redis, redisPrefix, workspace.id)
    return { items: slos.map((slo) => ({ ...slo, status: statuses.get(slo.id) ?? null })), nextCursor: null }
  }
  const { items, nextCursor } = await pageOfSlos(prisma, workspace.id, { serviceId, limit: limit ?? 100, cursor })
  const ids = items.map(({ id }) => id)
  const statuses = await readStatusesOf(redis, redisPrefix, workspace.id, ids)
  return { items: items.map((slo) => ({ ...slo, status: statuses.get(slo.id) ?? null })), nextCursor }
})
