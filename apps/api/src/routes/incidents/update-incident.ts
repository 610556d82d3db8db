import { updateIncident as route } from '@nines/contracts'
import { changeIncident } from '@nines/records'
import { actorOf } from '../../auth/caller.ts'
import { handle } from '../../http/handle.ts'
import { loadIncidentDetail } from './load-incident-detail.ts'

export const updateIncident = handle(route, async ({ workspace, caller, params, body }, context) => {
  const input = { workspaceId: workspace.id, incidentId: params.id, change: body, actor: actorOf(caller) }
  await context.announce.outcome(workspace.id, await changeIncident(context.prisma, input))
  return loadIncidentDetail(context, workspace, params.id)
})
