import { updateSlo as route } from '@nines/contracts'
import { updateSlo as update } from '@nines/records'
import { userIdOf } from '../../auth/caller.ts'
import { handle } from '../../http/handle.ts'
import { requireUsableSli } from './require-usable-sli.ts'
import { withStatus } from './with-status.ts'
import { refuseChangeByHand } from '../code/refuse-change-by-hand.ts'

export const updateSlo = handle(route, async ({ workspace, caller, params, body }, context) => {
  await refuseChangeByHand(context, caller, { sloId: params.id })
  await requireUsableSli(context, workspace.number, body.sli)
  const slo = await update(context.prisma, workspace.id, params.id, body, userIdOf(caller))
  await context.announce.config(workspace.id, 'slos')
  return withStatus(context, workspace.id, slo)
})
