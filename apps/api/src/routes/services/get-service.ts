import { getService as route } from '@nines/contracts'
import { getService as findService } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const getService = handle(route, ({ workspace, params }, { prisma }) =>
  findService(prisma, workspace.id, params.id),
)
