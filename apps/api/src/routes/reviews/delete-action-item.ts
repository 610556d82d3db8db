import { deleteActionItem as route } from '@nines/contracts'
import { deleteActionItem as remove } from '@nines/records'
import { handle, OK } from '../../http/handle.ts'

export const deleteActionItem = handle(route, async ({ workspace, params }, { prisma, announce }) => {
  await remove(prisma, workspace.id, params.id)
  await announce.live(workspace.id, 'review.changed', '')
  return OK
})
