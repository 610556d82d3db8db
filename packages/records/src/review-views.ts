import { reviewSections, type ActionItemDto, type ReviewDetail, type ReviewDto } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import type { ActionItem, Prisma } from './generated/client.ts'
import { listTimeline } from './incident-views.ts'
import { instantOf, instantOrNull } from './instants.ts'
import { loadUserRefs, userRefOf, type UserRef } from './user-refs.ts'

const SHOWN = 500
const withIncident = {
  incident: { select: { number: true, service: { select: { id: true, slug: true, name: true } } } },
  actions: { orderBy: { id: 'asc' } },
} as const
type ReviewRow = Prisma.ReviewGetPayload<{ include: typeof withIncident }>

/** Reviews of a workspace, newest first. */
export async function listReviews(db: Database, workspaceId: string): Promise<ReviewDto[]> {
  const rows = await db.review.findMany({
    where: { workspaceId },
    include: withIncident,
    orderBy: { id: 'desc' },
    take: SHOWN,
  })
  return rows.map(toReviewDto)
}

/** A review with its sections, action items and its incident's timeline. */
export async function getReview(db: Database, workspaceId: string, id: string): Promise<ReviewDetail> {
  const row = await db.review.findFirst({ where: { id, workspaceId }, include: withIncident })
  if (row === null) throw new NinesError('not_found', 'there is no such review')
  const users = await loadUserRefs(
    db,
    row.actions.map((action) => action.ownerId),
  )
  return {
    ...toReviewDto(row),
    summary: row.summary,
    impact: row.impact,
    sections: reviewSections.parse(row.sections),
    actions: row.actions.map((action) => toActionItemDto(action, users)),
    timeline: await listTimeline(db, workspaceId, row.incidentId),
    revision: row.revision,
  }
}

export function toActionItemDto(row: ActionItem, users: Map<string, UserRef>): ActionItemDto {
  return {
    id: row.id,
    reviewId: row.reviewId,
    title: row.title,
    type: row.type,
    state: row.state,
    owner: row.ownerId === null ? null : userRefOf(users, row.ownerId),
    dueOn: row.dueOn === null ? null : row.dueOn.toISOString().slice(0, 10),
    createdAt: instantOf(row.createdAt),
    completedAt: instantOrNull(row.completedAt),
  }
}

function toReviewDto(row: ReviewRow): ReviewDto {
  return {
    id: row.id,
    incidentId: row.incidentId,
    incidentNumber: row.incident.number,
    title: row.title,
    state: row.state,
    service: row.incident.service,
    openActions: row.actions.filter((action) => action.state !== 'done').length,
    createdAt: instantOf(row.createdAt),
    publishedAt: instantOrNull(row.publishedAt),
  }
}
