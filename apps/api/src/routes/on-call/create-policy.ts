import { createPolicy as route } from '@nines/contracts'
import { createPolicy as create } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const createPolicy = handle(route, async ({ workspace, body }, { prisma, announce }) => {
  const policy = await create(prisma, workspace.id, body)
  await announce.settings(workspace.id)
  return policy
})
