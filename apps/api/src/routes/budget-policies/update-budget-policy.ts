import { updateBudgetPolicy as route } from '@nines/contracts'
import { changesBudgetPolicy, updateBudgetPolicy as update } from '@nines/records'
import { actorOf } from '../../auth/caller.ts'
import { handle } from '../../http/handle.ts'
import { refuseChangeByHand } from '../code/refuse-change-by-hand.ts'
import { policyDetail } from './policy-dto.ts'

export const updateBudgetPolicy = handle(route, async ({ workspace, caller, params, body }, context) => {
  const change = { actor: actorOf(caller), settings: context }
  // Which SLOs follow it is not said by the policy's document.
  if (await changesBudgetPolicy(context.prisma, workspace.id, params.id, body))
    await refuseChangeByHand(context, caller, { budgetPolicyId: params.id })
  const outcome = await update(context.prisma, workspace.id, params.id, body, change)
  await context.announce.config(workspace.id, 'slos')
  await context.announce.outcome(workspace.id, outcome)
  return policyDetail(context, workspace.id, params.id)
})
