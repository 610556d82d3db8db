import { updateService as route } from '@nines/contracts'
import { updateService as update } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const updateService = handle(route, async ({ workspace, params, body }, { prisma, announce }) => {
  const service = await update(prisma, workspace.id, params.id, body)
  await announce.settings(workspace.id)
  return service
})
