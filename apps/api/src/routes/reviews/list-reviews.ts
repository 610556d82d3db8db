import { listReviews as route } from '@nines/contracts'
import { listReviews as findReviews } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const listReviews = handle(route, async ({ workspace }, { prisma }) => ({
  items: await findReviews(prisma, workspace.id),
  nextCursor: null,
}))
