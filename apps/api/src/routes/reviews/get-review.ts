import { getReview as route } from '@nines/contracts'
import { getReview as findReview } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const getReview = handle(route, ({ workspace, params }, { prisma }) =>
  findReview(prisma, workspace.id, params.id),
)
