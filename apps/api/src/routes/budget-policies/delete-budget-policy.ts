import { deleteBudgetPolicy as route } from '@nines/contracts'
import { deleteBudgetPolicy as remove } from '@nines/records'
import { actorOf } from '../../auth/caller.ts'
import { handle, OK } from '../../http/handle.ts'
import { refuseChangeByHand } from '../code/refuse-change-by-hand.ts'

export const deleteBudgetPolicy = handle(route, async ({ workspace, caller, params }, context) => {
  await refuseChangeByHand(context, caller, { budgetPolicyId: params.id })
  await remove(context.prisma, workspace.id, params.id, { actor: actorOf(caller), settings: context })
  await context.announce.settings(workspace.id)
  return OK
})
