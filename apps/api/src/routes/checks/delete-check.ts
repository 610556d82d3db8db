import { deleteCheck as route } from '@nines/contracts'
import { deleteCheck as remove } from '@nines/records'
import { handle, OK } from '../../http/handle.ts'

export const deleteCheck = handle(route, async ({ workspace, params }, { prisma, announce }) => {
  await remove(prisma, workspace.id, params.id)
  await announce.config(workspace.id, 'checks')
  return OK
})
