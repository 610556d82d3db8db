import { createSilence as route } from '@nines/contracts'
import { createSilence as create } from '@nines/records'
import { userIdOf } from '../../auth/caller.ts'
import { handle } from '../../http/handle.ts'

export const createSilence = handle(route, async ({ workspace, caller, body }, { prisma, announce }) => {
  const { serviceId, sloId, comment } = body
  const startsAt = body.startsAt === undefined ? new Date() : new Date(body.startsAt)
  const silence = await create(prisma, workspace.id, {
    serviceId,
    sloId,
    startsAt,
    endsAt: new Date(body.endsAt),
    comment,
    createdById: userIdOf(caller),
  })
  await announce.settings(workspace.id)
  return silence
})
