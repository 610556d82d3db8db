import { listAlerts as route } from '@nines/contracts'
import { countAlerts, listAlerts as findAlerts } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const listAlerts = handle(route, async ({ workspace, query }, { prisma }) => {
  const [items, counts] = await Promise.all([
    findAlerts(prisma, workspace.id, query),
    countAlerts(prisma, workspace.id, query),
  ])
  return { items, nextCursor: null, ...counts }
})
