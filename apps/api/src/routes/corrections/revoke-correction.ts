import { revokeCorrection as route } from '@nines/contracts'
import { revokeCorrection as revoke } from '@nines/records'
import { actorOf } from '../../auth/caller.ts'
import { handle } from '../../http/handle.ts'
import { refuseChangeByHand } from '../code/refuse-change-by-hand.ts'

export const revokeCorrection = handle(route, async ({ workspace, caller, params, body }, context) => {
  const { prisma, announce } = context
  await refuseChangeByHand(context, caller, { correctionId: params.id })
  const input = { id: params.id, reason: body.reason }
  const correction = await revoke(prisma, workspace.id, input, actorOf(caller))
  await announce.config(workspace.id, 'slos')
  return correction
})
