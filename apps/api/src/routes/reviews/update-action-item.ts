import { updateActionItem as route } from '@nines/contracts'
import { updateActionItem as update } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const updateActionItem = handle(route, async ({ workspace, params, body }, { prisma, announce }) => {
  const item = await update(prisma, workspace.id, params.id, body)
  await announce.live(workspace.id, 'review.changed', item.reviewId)
  return item
})
