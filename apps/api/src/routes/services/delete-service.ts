import { deleteService as route } from '@nines/contracts'
import { deleteService as remove } from '@nines/records'
import { handle, OK } from '../../http/handle.ts'
import { refuseChangeByHand } from '../code/refuse-change-by-hand.ts'

export const deleteService = handle(route, async ({ workspace, caller, params }, context) => {
  const { prisma, announce } = context
  await refuseChangeByHand(context, caller, { serviceId: params.id })
  await remove(prisma, workspace.id, params.id)
  await announce.settings(workspace.id)
  return OK
})
