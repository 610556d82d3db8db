import { createCorrection as route } from '@nines/contracts'
import { createCorrection as create } from '@nines/records'
import { actorOf } from '../../auth/caller.ts'
import { handle } from '../../http/handle.ts'

export const createCorrection = handle(route, async ({ workspace, caller, body }, { prisma, announce }) => {
  const input = { ...body, startsAt: new Date(body.startsAt), endsAt: new Date(body.endsAt) }
  const correction = await create(prisma, workspace.id, input, actorOf(caller))
  await announce.config(workspace.id, 'slos')
  return correction
})
