import { addTimelineEntry as route } from '@nines/contracts'
import { addTimelineEntry as add } from '@nines/records'
import { actorOf } from '../../auth/caller.ts'
import { handle } from '../../http/handle.ts'

export const addTimelineEntry = handle(route, async ({ workspace, caller, params, body }, { prisma, announce }) => {
  const { kind, summary, at } = body
  const entry = await add(prisma, {
    workspaceId: workspace.id,
    incidentId: params.id,
    entry: { kind, summary, ...(at !== undefined && { at: Date.parse(at) }) },
    actor: actorOf(caller),
  })
  await announce.live(workspace.id, 'incident.changed', params.id)
  return entry
})
