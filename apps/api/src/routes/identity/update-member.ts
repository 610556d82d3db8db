import { updateMember as route } from '@nines/contracts'
import { changeMemberRole } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const updateMember = handle(route, async ({ workspace, params, body }, { prisma, announce }) => {
  const member = await changeMemberRole(prisma, workspace.id, params.id, body.role)
  await announce.settings(workspace.id)
  return member
})
