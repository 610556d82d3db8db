import { z } from 'zod'
import { timelineEntry } from '../domain/incident.ts'
import { actionItemState, actionItemType, reviewSections, reviewState } from '../domain/review.ts'
import { route } from './route.ts'
import { idParams, instant, listOf, ok, serviceRef, userRef } from './shared.ts'

const tag = 'Reviews'
export const actionItemDto = z.object({
  id: z.string(),
  reviewId: z.string(),
  title: z.string(),
  type: actionItemType,
  state: actionItemState,
  owner: userRef.nullable(),
  dueOn: z.iso.date().nullable(),
  createdAt: instant,
  completedAt: instant.nullable(),
})
export type ActionItemDto = z.infer<typeof actionItemDto>
export const reviewDto = z.object({
  id: z.string(),
  incidentId: z.string(),
  incidentNumber: z.number().int(),
  title: z.string(),
  state: reviewState,
  service: serviceRef,
  openActions: z.number().int(),
  createdAt: instant,
  publishedAt: instant.nullable(),
})
export type ReviewDto = z.infer<typeof reviewDto>
export const reviewDetail = reviewDto.extend({
  summary: z.string(),
  impact: z.string(),
  sections: reviewSections,
  actions: z.array(actionItemDto),
  timeline: z.array(timelineEntry),
  /** Send it back with an edit; a stale one is refused with 409. */ revision: z.number().int(),
})
export type ReviewDetail = z.infer<typeof reviewDetail>
const actionInput = z.object({
  title: z.string().trim().min(1).max(300),
  type: actionItemType.default('prevent'),
  ownerId: z.string().nullable().default(null),
  dueOn: z.iso.date().nullable().default(null),
})

export const listReviews = route({
  id: 'listReviews',
  method: 'GET',
  path: '/api/v1/reviews',
  tag,
  summary: 'Reviews, newest first',
  access: { role: 'viewer', scope: 'read' },
  response: listOf(reviewDto),
})
export const getReview = route({
  id: 'getReview',
  method: 'GET',
  path: '/api/v1/reviews/:id',
  tag,
  summary: 'A review',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  response: reviewDetail,
})
export const updateReview = route({
  id: 'updateReview',
  method: 'PUT',
  path: '/api/v1/reviews/:id',
  tag,
  summary: 'Edit a review',
  access: { role: 'responder', scope: 'write' },
  params: idParams,
  body: z.object({
    title: z.string().trim().min(1).max(300),
    summary: z.string().max(20_000),
    impact: z.string().max(20_000),
    sections: reviewSections,
    revision: z.number().int(),
  }),
  response: reviewDetail,
})
export const publishReview = route({
  id: 'publishReview',
  method: 'POST',
  path: '/api/v1/reviews/:id/publish',
  tag,
  summary: 'Publish; sections that are empty are named and refused',
  access: { role: 'responder', scope: 'write' },
  params: idParams,
  response: reviewDetail,
})
export const createActionItem = route({
  id: 'createActionItem',
  method: 'POST',
  path: '/api/v1/reviews/:id/actions',
  tag,
  summary: 'Add an action item',
  access: { role: 'responder', scope: 'write' },
  params: idParams,
  body: actionInput,
  response: actionItemDto,
})
export const updateActionItem = route({
  id: 'updateActionItem',
  method: 'PUT',
  path: '/api/v1/actions/:id',
  tag,
  summary: 'Change an action item',
  access: { role: 'responder', scope: 'write' },
  params: idParams,
  body: actionInput.extend({ state: actionItemState }),
  response: actionItemDto,
})
export const deleteActionItem = route({
  id: 'deleteActionItem',
  method: 'DELETE',
  path: '/api/v1/actions/:id',
  tag,
  summary: 'Delete an action item of a draft',
  access: { role: 'responder', scope: 'write' },
  params: idParams,
  response: ok,
})
