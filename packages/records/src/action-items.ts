import type { ActionItemDto, ActionItemState, ActionItemType } from '@nines/contracts'
import { newId, NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import { toActionItemDto } from './review-views.ts'
import { loadUserRefs } from './user-refs.ts'
import { optionalReference, requireReferences } from './workspace-references.ts'

export interface ActionItemInput {
  title: string
  type: ActionItemType
  ownerId: string | null
  /** Local date YYYY-MM-DD. */
  dueOn: string | null
}

/** Adds an action item to a review, published or not: what was decided later belongs there too. */
export async function createActionItem(
  db: Database,
  workspaceId: string,
  reviewId: string,
  input: ActionItemInput,
): Promise<ActionItemDto> {
  if ((await db.review.count({ where: { id: reviewId, workspaceId } })) === 0)
    throw new NinesError('not_found', 'there is no such review')
  await requireReferences(db, workspaceId, optionalReference('member', input.ownerId, 'body/ownerId'))
  const row = await db.actionItem.create({ data: { id: newId('act'), workspaceId, reviewId, ...columns(input) } })
  return toActionItemDto(row, await loadUserRefs(db, [row.ownerId]))
}

/** Changes an action item; finishing it notes when. */
export async function updateActionItem(
  db: Database,
  workspaceId: string,
  id: string,
  { state, ...input }: ActionItemInput & { state: ActionItemState },
): Promise<ActionItemDto> {
  const current = await db.actionItem.findFirst({ where: { id, workspaceId } })
  if (current === null) throw noSuchItem()
  if (input.ownerId !== current.ownerId)
    await requireReferences(db, workspaceId, optionalReference('member', input.ownerId, 'body/ownerId'))
  const completedAt = state === 'done' ? (current.completedAt ?? new Date()) : null
  const row = await db.actionItem.update({ where: { id }, data: { ...columns(input), state, completedAt } })
  return toActionItemDto(row, await loadUserRefs(db, [row.ownerId]))
}

/** Deletes an action item of a review that is not published; a published one's promises stay on record. */
export async function deleteActionItem(db: Database, workspaceId: string, id: string): Promise<void> {
  const row = await db.actionItem.findFirst({ where: { id, workspaceId }, include: { review: true } })
  if (row === null) throw noSuchItem()
  if (row.review.state === 'published')
    throw new NinesError('conflict', 'the review is published: its action items can be finished, not deleted')
  await db.actionItem.delete({ where: { id } })
}

const noSuchItem = () => new NinesError('not_found', 'there is no such action item')

function columns({ title, type, ownerId, dueOn }: ActionItemInput) {
  return { title, type, ownerId, dueOn: dueOn === null ? null : new Date(`${dueOn}T00:00:00Z`) }
}
