import { listMembers as route } from '@nines/contracts'
import { listMembers as findMembers, listOpenInvitations } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const listMembers = handle(route, async ({ workspace }, { prisma }) => ({
  members: await findMembers(prisma, workspace.id),
  invitations: await listOpenInvitations(prisma, workspace.id),
}))
