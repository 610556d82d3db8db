import { listSlos as route } from '@nines/contracts'
import { readSloStatuses } from '@nines/pipeline'
import { listSlos as findSlos } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const listSlos = handle(route, async ({ workspace, query }, { prisma, redis, redisPrefix }) => {
  const slos = await findSlos(prisma, workspace.id, query.serviceId)
  const statuses = await readSloStatuses(redis, redisPrefix, workspace.id)
  return { items: slos.map((slo) => ({ ...slo, status: statuses.get(slo.id) ?? null })), nextCursor: null }
})
