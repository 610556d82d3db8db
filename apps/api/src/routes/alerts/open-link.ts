import { readAlertLink, type AlertLink } from '@nines/delivery'
import { NinesError } from '@nines/kernel'
import { getAlert, loadUserRefs } from '@nines/records'
import type { ApiContext } from '../../context.ts'

export interface OpenedLink {
  link: AlertLink
  alert: Awaited<ReturnType<typeof getAlert>>
  /** Whom the page was for; null when it went to a channel. */
  responderName: string | null
}

/** What a link from a page opens; one that is wrong, expired or outlived its alert is `gone`, whichever it is. */
export async function openLink({ prisma, secretKey }: ApiContext, token: string): Promise<OpenedLink> {
  const link = readAlertLink(token, Date.now(), secretKey)
  if (link === undefined) throw wrongLink()
  const alert = await getAlert(prisma, link.workspaceId, link.alertId).catch((error: unknown) => {
    throw error instanceof NinesError && error.code === 'not_found' ? wrongLink() : error
  })
  const people = await loadUserRefs(prisma, [link.responderId])
  return { link, alert, responderName: link.responderId === null ? null : (people.get(link.responderId)?.name ?? null) }
}

function wrongLink(): NinesError {
  return new NinesError('gone', 'this link is wrong or has expired; open the alert in the dashboard')
}
