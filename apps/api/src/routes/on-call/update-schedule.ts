import { updateSchedule as route } from '@nines/contracts'
import { updateSchedule as update } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { withOnCall } from './on-call-now.ts'

export const updateSchedule = handle(route, async ({ workspace, params, body }, { prisma, announce }) => {
  const schedule = await update(prisma, workspace.id, params.id, body)
  await announce.settings(workspace.id)
  return withOnCall(schedule, Date.now())
})
