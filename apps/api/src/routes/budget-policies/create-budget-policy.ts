import { createBudgetPolicy as route } from '@nines/contracts'
import { createBudgetPolicy as create } from '@nines/records'
import { actorOf } from '../../auth/caller.ts'
import { handle } from '../../http/handle.ts'
import { policyDetail } from './policy-dto.ts'

export const createBudgetPolicy = handle(route, async ({ workspace, caller, body }, context) => {
  const change = { actor: actorOf(caller), settings: context }
  const { id, ...outcome } = await create(context.prisma, workspace.id, body, change)
  await context.announce.config(workspace.id, 'slos')
  await context.announce.outcome(workspace.id, outcome)
  return policyDetail(context, workspace.id, id)
})
