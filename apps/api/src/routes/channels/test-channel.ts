import { testChannel as route } from '@nines/contracts'
import { queueChannelTest } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const testChannel = handle(route, async ({ workspace, params }, context) => {
  const input = { workspaceId: workspace.id, channelId: params.id }
  const outcome = await queueChannelTest(context.prisma, input, context)
  await context.announce.outcome(workspace.id, outcome)
  return { messageId: outcome.messageId }
})
