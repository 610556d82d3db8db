import { listSilences as route } from '@nines/contracts'
import { listSilences as findSilences } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const listSilences = handle(route, async ({ workspace }, { prisma }) => ({
  items: await findSilences(prisma, workspace.id),
  nextCursor: null,
}))
