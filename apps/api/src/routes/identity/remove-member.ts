import { removeMember as route } from '@nines/contracts'
import { removeMember as remove } from '@nines/records'
import { handle, OK } from '../../http/handle.ts'

export const removeMember = handle(route, async ({ workspace, params }, { prisma, announce }) => {
  await remove(prisma, workspace.id, params.id)
  await announce.config(workspace.id, 'channels')
  return OK
})
