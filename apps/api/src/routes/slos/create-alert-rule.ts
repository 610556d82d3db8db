import { createAlertRule as route } from '@nines/contracts'
import { createAlertRule as create } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { refuseChangeByHand } from '../code/refuse-change-by-hand.ts'

export const createAlertRule = handle(route, async ({ workspace, caller, params, body }, context) => {
  await refuseChangeByHand(context, caller, { sloId: params.id })
  const rule = await create(context.prisma, workspace.id, params.id, body)
  await context.announce.config(workspace.id, 'slos')
  return rule
})
