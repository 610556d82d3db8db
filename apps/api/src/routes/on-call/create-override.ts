import { createOverride as route } from '@nines/contracts'
import { createOverride as create } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const createOverride = handle(route, async ({ workspace, params, body }, { prisma, announce }) => {
  const { userId } = body
  const span = { startsAt: new Date(body.startsAt), endsAt: new Date(body.endsAt) }
  const override = await create(prisma, workspace.id, params.id, { userId, ...span })
  await announce.settings(workspace.id)
  return override
})
