import { createSlo as route } from '@nines/contracts'
import { createSlo as create } from '@nines/records'
import { userIdOf } from '../../auth/caller.ts'
import { handle } from '../../http/handle.ts'
import { requireUsableSli } from './require-usable-sli.ts'
import { withStatus } from './with-status.ts'

export const createSlo = handle(route, async ({ workspace, caller, body }, context) => {
  await requireUsableSli(context, workspace.number, body.sli)
  const slo = await create(context.prisma, workspace.id, body, userIdOf(caller))
  await context.announce.config(workspace.id, 'slos')
  return withStatus(context, workspace.id, slo)
})
