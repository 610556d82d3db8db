import { createService as route } from '@nines/contracts'
import { createService as create } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const createService = handle(route, async ({ workspace, body }, { prisma, announce }) => {
  const service = await create(prisma, workspace.id, body)
  await announce.settings(workspace.id)
  return service
})
