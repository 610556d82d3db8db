import { listTeams as route } from '@nines/contracts'
import { listTeams as findTeams } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const listTeams = handle(route, async ({ workspace }, { prisma }) => ({
  items: await findTeams(prisma, workspace.id),
  nextCursor: null,
}))
