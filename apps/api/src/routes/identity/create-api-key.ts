import { createApiKey as route } from '@nines/contracts'
import { createApiKey as create } from '@nines/records'
import { userIdOf } from '../../auth/caller.ts'
import { handle } from '../../http/handle.ts'

export const createApiKey = handle(route, async ({ workspace, caller, body }, { prisma, announce }) => {
  const created = await create(prisma, workspace.id, { ...body, createdById: userIdOf(caller) })
  await announce.config(workspace.id, 'keys')
  return created
})
