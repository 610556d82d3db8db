import { publishReview as route } from '@nines/contracts'
import { publishReview as publish } from '@nines/records'
import { publishProblems } from '@nines/reviews'
import { userIdOf } from '../../auth/caller.ts'
import { handle } from '../../http/handle.ts'

export const publishReview = handle(route, async ({ workspace, caller, params }, { prisma, announce }) => {
  const review = await publish(prisma, workspace.id, params.id, userIdOf(caller), publishProblems)
  await announce.live(workspace.id, 'review.changed', review.id)
  return review
})
