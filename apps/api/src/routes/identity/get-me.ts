import { getMe as route } from '@nines/contracts'
import { workspacesOf } from '@nines/records'
import { handleSession } from '../../http/handle.ts'

export const getMe = handleSession(route, async ({ caller }, { prisma }) => ({
  user: { id: caller.userId, name: caller.name, email: caller.email },
  workspaces: await workspacesOf(prisma, caller.userId),
}))
