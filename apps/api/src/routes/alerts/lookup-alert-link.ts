import { lookupAlertLink as route } from '@nines/contracts'
import { workspaceSlugOf } from '@nines/records'
import { handlePublic } from '../../http/handle.ts'
import { openLink } from './open-link.ts'

export const lookupAlertLink = handlePublic(route, async ({ body }, context) => {
  const { link, alert, responderName } = await openLink(context, body.token)
  return {
    alertId: alert.id,
    workspaceSlug: await workspaceSlugOf(context.prisma, link.workspaceId),
    summary: alert.summary,
    severity: alert.severity,
    state: alert.state,
    serviceName: alert.service.name,
    responder: responderName,
    firedAt: alert.firedAt,
  }
})
