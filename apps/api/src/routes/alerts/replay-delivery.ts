import { replayDelivery as route } from '@nines/contracts'
import { replayMessage } from '@nines/records'
import { handle, OK } from '../../http/handle.ts'

export const replayDelivery = handle(route, async ({ workspace, params }, { prisma, announce }) => {
  const outcome = await replayMessage(prisma, { workspaceId: workspace.id, messageId: params.id })
  await announce.outcome(workspace.id, outcome)
  return OK
})
