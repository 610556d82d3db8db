import type { ReviewDetail, ReviewSections } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import type { PrismaClient } from './generated/client.ts'
import { getReview } from './review-views.ts'

export interface ReviewEdit {
  title: string
  summary: string
  impact: string
  sections: ReviewSections
  /** The revision the editor started from. */
  revision: number
}

/** Saves an edit made on the newest revision; on an older one it is refused, so that nobody's words are overwritten. */
export async function editReview(
  db: Database,
  workspaceId: string,
  id: string,
  { revision, ...edit }: ReviewEdit,
): Promise<ReviewDetail> {
  await getReview(db, workspaceId, id)
  const { count } = await db.review.updateMany({
    where: { id, workspaceId, revision },
    data: { ...edit, revision: { increment: 1 } },
  })
  if (count === 0)
    throw new NinesError('conflict', 'somebody saved this review since you opened it: load it again and merge', {
      issues: [{ path: 'body/revision', message: 'is not the newest' }],
    })
  return getReview(db, workspaceId, id)
}

/** What keeps a review from being published, by field; empty when nothing does. */
export type FindProblems = (review: ReviewDetail) => { path: string; message: string }[]

/** Publishes a complete review; of one published already it changes nothing. */
export async function publishReview(
  prisma: PrismaClient,
  workspaceId: string,
  id: string,
  publishedById: string | null,
  findProblems: FindProblems,
): Promise<ReviewDetail> {
  return prisma.$transaction(async (tx) => {
    await tx.$queryRaw`select id from "Review" where id = ${id} and "workspaceId" = ${workspaceId} for update`
    const review = await getReview(tx, workspaceId, id)
    if (review.state === 'published') return review
    const issues = findProblems(review)
    if (issues.length > 0)
      throw new NinesError('invalid', `not ready to publish: ${issues.map((issue) => issue.message).join('; ')}`, {
        issues,
      })
    await tx.review.update({
      where: { id },
      data: { state: 'published', publishedAt: new Date(), publishedById, revision: { increment: 1 } },
    })
    return getReview(tx, workspaceId, id)
  })
}
