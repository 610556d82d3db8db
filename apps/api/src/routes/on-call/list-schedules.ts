import { listSchedules as route } from '@nines/contracts'
import { listSchedules as findSchedules } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { withOnCall } from './on-call-now.ts'

export const listSchedules = handle(route, async ({ workspace }, { prisma }) => {
  const now = Date.now()
  const schedules = await findSchedules(prisma, workspace.id)
  return { items: schedules.map((schedule) => withOnCall(schedule, now)), nextCursor: null }
})
