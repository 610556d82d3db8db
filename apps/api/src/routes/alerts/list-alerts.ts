import { listAlerts as route } from '@nines/contracts'
import { listAlerts as findAlerts } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const listAlerts = handle(route, async ({ workspace, query }, { prisma }) => ({
  items: await findAlerts(prisma, workspace.id, query),
  nextCursor: null,
}))
