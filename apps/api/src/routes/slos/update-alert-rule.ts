import { updateAlertRule as route } from '@nines/contracts'
import { updateAlertRule as update } from '@nines/records'
import { actorOf } from '../../auth/caller.ts'
import { handle } from '../../http/handle.ts'
import { refuseChangeByHand } from '../code/refuse-change-by-hand.ts'

export const updateAlertRule = handle(route, async ({ workspace, caller, params, body }, context) => {
  await refuseChangeByHand(context, caller, { ruleId: params.id })
  const { prisma, announce } = context
  const change = { actor: actorOf(caller), settings: context }
  const { rule, ...outcome } = await update(prisma, workspace.id, params.id, body, change)
  await announce.outcome(workspace.id, outcome)
  await announce.config(workspace.id, 'slos')
  return rule
})
