import { updateChannel as route } from '@nines/contracts'
import { updateChannel as update } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const updateChannel = handle(route, async ({ workspace, params, body }, { prisma, announce }) => {
  const channel = await update(prisma, workspace.id, params.id, body)
  await announce.config(workspace.id, 'channels')
  return channel
})
