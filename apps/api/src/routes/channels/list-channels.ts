import { listChannels as route } from '@nines/contracts'
import { listChannels as findChannels } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const listChannels = handle(route, async ({ workspace }, { prisma }) => ({
  items: await findChannels(prisma, workspace.id),
  nextCursor: null,
}))
