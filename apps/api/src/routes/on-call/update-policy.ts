import { updatePolicy as route } from '@nines/contracts'
import { updatePolicy as update } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const updatePolicy = handle(route, async ({ workspace, params, body }, { prisma, announce }) => {
  const policy = await update(prisma, workspace.id, params.id, body)
  await announce.settings(workspace.id)
  return policy
})
