import { resolveAlert as route } from '@nines/contracts'
import { applyAlertEvent, getAlert } from '@nines/records'
import { actorOf } from '../../auth/caller.ts'
import { handle } from '../../http/handle.ts'

export const resolveAlert = handle(route, async ({ workspace, caller, params }, context) => {
  const { prisma, announce } = context
  const input = { workspaceId: workspace.id, alertId: params.id, event: 'resolve', actor: actorOf(caller) } as const
  await announce.outcome(workspace.id, await applyAlertEvent(prisma, input, context))
  return getAlert(prisma, workspace.id, params.id)
})
