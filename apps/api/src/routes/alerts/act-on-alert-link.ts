import { actOnAlertLink as route } from '@nines/contracts'
import { applyAlertEvent } from '@nines/records'
import { handlePublic } from '../../http/handle.ts'
import { openLink } from './open-link.ts'

/** Only a POST acts: programs that preview links in messages follow them with GET. */
export const actOnAlertLink = handlePublic(route, async ({ body }, context) => {
  const { link, responderName } = await openLink(context, body.token)
  const { workspaceId, alertId, responderId } = link
  const actor = { id: responderId, name: responderName ?? 'the link in a page', via: 'link' }
  const input = { workspaceId, alertId, event: body.action, actor }
  const outcome = await applyAlertEvent(context.prisma, input, context)
  await context.announce.outcome(workspaceId, outcome)
  return { state: outcome.state, changed: outcome.changed }
})
