import { inviteMember as route } from '@nines/contracts'
import { createInvitation } from '@nines/records'
import { handle } from '../../http/handle.ts'

/** The token stands behind the #, which browsers send to no server and write into no Referer header. */
export const inviteMember = handle(route, async ({ workspace, body }, { prisma, publicUrl, announce }) => {
  const { invitation, token } = await createInvitation(prisma, workspace.id, body)
  await announce.settings(workspace.id)
  return { invitation, url: `${publicUrl}/invite#${token}` }
})
