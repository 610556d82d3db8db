import { listPolicies as route } from '@nines/contracts'
import { listPolicies as findPolicies } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const listPolicies = handle(route, async ({ workspace }, { prisma }) => ({
  items: await findPolicies(prisma, workspace.id),
  nextCursor: null,
}))
