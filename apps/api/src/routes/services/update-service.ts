import { updateService as route } from '@nines/contracts'
import { getService, updateService as update } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { refuseChangeByHand } from '../code/refuse-change-by-hand.ts'

export const updateService = handle(route, async ({ workspace, caller, params, body }, context) => {
  const { prisma, announce } = context
  const { slug, name, description } = await getService(prisma, workspace.id, params.id)
  // Tier, team, runbook and policy are not code's to say.
  const changesCode = body.slug !== slug || body.name !== name || body.description !== description
  if (changesCode) await refuseChangeByHand(context, caller, { serviceId: params.id })
  const service = await update(prisma, workspace.id, params.id, body)
  await announce.settings(workspace.id)
  return service
})
