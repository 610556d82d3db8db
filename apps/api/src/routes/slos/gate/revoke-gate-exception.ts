import { revokeGateException as route } from '@nines/contracts'
import { revokeGateException as revoke } from '@nines/records'
import { handle, OK } from '../../../http/handle.ts'

export const revokeGateException = handle(route, async ({ workspace, caller, params }, { prisma, announce }) => {
  const byName = caller.kind === 'key' ? `API key ${caller.name}` : caller.name
  await revoke(prisma, workspace.id, params.id, { now: new Date(), byName })
  await announce.settings(workspace.id)
  return OK
})
