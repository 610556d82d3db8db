import { recordChange as route } from '@nines/contracts'
import { recordChange as record } from '@nines/records'
import { userIdOf } from '../../auth/caller.ts'
import { handle } from '../../http/handle.ts'

export const recordChange = handle(route, async ({ workspace, caller, body }, { prisma, announce }) => {
  const { startedAt, endedAt, ...rest } = body
  const { change, ...outcome } = await record(prisma, workspace.id, {
    ...rest,
    source: 'api',
    startedAt: startedAt === undefined ? undefined : new Date(startedAt),
    endedAt: endedAt === null ? null : new Date(endedAt),
    createdById: userIdOf(caller),
  })
  await announce.outcome(workspace.id, outcome)
  await announce.live(workspace.id, 'change.recorded', change.id)
  return change
})
