import { getInvitation as route } from '@nines/contracts'
import { findInvitation } from '@nines/records'
import { handlePublic } from '../../http/handle.ts'

export const getInvitation = handlePublic(route, async ({ body }, { prisma }) => {
  const { email, role, workspaceName } = await findInvitation(prisma, body.token)
  return { email, role, workspaceName }
})
