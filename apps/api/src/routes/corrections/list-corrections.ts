import { listCorrections as route } from '@nines/contracts'
import { listCorrections as find } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const listCorrections = handle(route, async ({ workspace, query }, { prisma }) => ({
  items: await find(prisma, workspace.id, query.sloId),
  nextCursor: null,
}))
