import { updateChannel as route } from '@nines/contracts'
import { requireChannel, updateChannel as update } from '@nines/records'
import { requirePrivatePermission } from '../../auth/require-private-permission.ts'
import { handle } from '../../http/handle.ts'

export const updateChannel = handle(route, async ({ workspace, caller, params, body }, { prisma, announce }) => {
  requirePrivatePermission(caller, 'body', body, await requireChannel(prisma, workspace.id, params.id))
  const channel = await update(prisma, workspace.id, params.id, body)
  await announce.config(workspace.id, 'channels')
  return channel
})
