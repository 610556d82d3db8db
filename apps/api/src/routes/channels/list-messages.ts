import { listMessages as route } from '@nines/contracts'
import { listChannelMessages } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const listMessages = handle(route, async ({ workspace, params }, { prisma }) => ({
  items: await listChannelMessages(prisma, workspace.id, params.id),
  nextCursor: null,
}))
