import { deleteService as route } from '@nines/contracts'
import { deleteService as remove } from '@nines/records'
import { handle, OK } from '../../http/handle.ts'

export const deleteService = handle(route, async ({ workspace, params }, { prisma, announce }) => {
  await remove(prisma, workspace.id, params.id)
  await announce.settings(workspace.id)
  return OK
})
