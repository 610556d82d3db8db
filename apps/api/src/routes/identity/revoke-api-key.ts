import { revokeApiKey as route } from '@nines/contracts'
import { revokeApiKey as revoke } from '@nines/records'
import { handle, OK } from '../../http/handle.ts'

export const revokeApiKey = handle(route, async ({ workspace, params }, { prisma, announce }) => {
  await revoke(prisma, workspace.id, params.id)
  await announce.config(workspace.id, 'keys')
  return OK
})
