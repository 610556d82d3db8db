import { createSchedule as route } from '@nines/contracts'
import { createSchedule as create } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { withOnCall } from './on-call-now.ts'

export const createSchedule = handle(route, async ({ workspace, body }, { prisma, announce }) => {
  const schedule = await create(prisma, workspace.id, body)
  await announce.settings(workspace.id)
  return withOnCall(schedule, Date.now())
})
