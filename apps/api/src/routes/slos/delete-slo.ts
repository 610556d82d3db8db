import { deleteSlo as route } from '@nines/contracts'
import { archiveSlo } from '@nines/records'
import { actorOf } from '../../auth/caller.ts'
import { handle, OK } from '../../http/handle.ts'
import { refuseChangeByHand } from '../code/refuse-change-by-hand.ts'

export const deleteSlo = handle(route, async ({ workspace, caller, params }, context) => {
  await refuseChangeByHand(context, caller, { sloId: params.id })
  const { prisma, announce } = context
  const change = { actor: actorOf(caller), settings: context }
  await announce.outcome(workspace.id, await archiveSlo(prisma, workspace.id, params.id, change))
  await announce.config(workspace.id, 'slos')
  return OK
})
