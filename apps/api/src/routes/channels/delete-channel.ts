import { deleteChannel as route } from '@nines/contracts'
import { deleteChannel as remove } from '@nines/records'
import { handle, OK } from '../../http/handle.ts'

export const deleteChannel = handle(route, async ({ workspace, params }, { prisma, announce }) => {
  await remove(prisma, workspace.id, params.id)
  await announce.config(workspace.id, 'channels')
  return OK
})
