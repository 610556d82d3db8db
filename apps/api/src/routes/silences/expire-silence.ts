import { expireSilence as route } from '@nines/contracts'
import { expireSilence as expire } from '@nines/records'
import { handle, OK } from '../../http/handle.ts'

export const expireSilence = handle(route, async ({ workspace, params }, { prisma, announce }) => {
  await expire(prisma, workspace.id, params.id)
  await announce.settings(workspace.id)
  return OK
})
