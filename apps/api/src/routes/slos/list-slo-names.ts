import { listSloNames as route } from '@nines/contracts'
import { listSloNames as namesOf } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const listSloNames = handle(route, async ({ workspace }, { prisma }) => ({
  items: await namesOf(prisma, workspace.id),
  nextCursor: null,
}))
