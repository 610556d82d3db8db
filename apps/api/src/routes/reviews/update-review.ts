import { updateReview as route } from '@nines/contracts'
import { editReview } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const updateReview = handle(route, async ({ workspace, params, body }, { prisma, announce }) => {
  const review = await editReview(prisma, workspace.id, params.id, body)
  await announce.live(workspace.id, 'review.changed', review.id)
  return review
})
