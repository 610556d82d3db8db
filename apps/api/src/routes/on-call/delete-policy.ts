import { deletePolicy as route } from '@nines/contracts'
import { deletePolicy as remove } from '@nines/records'
import { handle, OK } from '../../http/handle.ts'

export const deletePolicy = handle(route, async ({ workspace, params }, { prisma, announce }) => {
  await remove(prisma, workspace.id, params.id)
  await announce.settings(workspace.id)
  return OK
})
