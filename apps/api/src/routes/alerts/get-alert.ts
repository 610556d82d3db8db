import { getAlert as route } from '@nines/contracts'
import { getAlertDetail } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const getAlert = handle(route, ({ workspace, params }, { prisma }) =>
  getAlertDetail(prisma, workspace.id, params.id),
)
