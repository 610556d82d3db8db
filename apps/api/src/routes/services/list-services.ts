import { listServices as route } from '@nines/contracts'
import { listServices as findServices } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const listServices = handle(route, async ({ workspace }, { prisma }) => ({
  items: await findServices(prisma, workspace.id),
  nextCursor: null,
}))
