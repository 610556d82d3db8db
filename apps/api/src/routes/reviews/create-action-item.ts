import { createActionItem as route } from '@nines/contracts'
import { createActionItem as create } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const createActionItem = handle(route, async ({ workspace, params, body }, { prisma, announce }) => {
  const item = await create(prisma, workspace.id, params.id, body)
  await announce.live(workspace.id, 'review.changed', item.reviewId)
  return item
})
