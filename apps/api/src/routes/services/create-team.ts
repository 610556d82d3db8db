import { createTeam as route } from '@nines/contracts'
import { createTeam as create } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const createTeam = handle(route, async ({ workspace, body }, { prisma, announce }) => {
  const team = await create(prisma, workspace.id, body)
  await announce.settings(workspace.id)
  return team
})
