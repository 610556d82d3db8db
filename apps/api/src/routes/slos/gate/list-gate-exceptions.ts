import { listGateExceptions as route } from '@nines/contracts'
import { getSlo, listGateExceptions as list } from '@nines/records'
import { handle } from '../../../http/handle.ts'

export const listGateExceptions = handle(route, async ({ workspace, params }, { prisma, secretKey }) => {
  const { id } = await getSlo(prisma, workspace.id, params.id)
  return { items: await list(prisma, workspace.id, id, { now: new Date(), secretKey }), nextCursor: null }
})
