import { getSlo as route } from '@nines/contracts'
import { getSlo as findSlo } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { withStatus } from './with-status.ts'

export const getSlo = handle(route, async ({ workspace, params }, context) =>
  withStatus(context, workspace.id, await findSlo(context.prisma, workspace.id, params.id)),
)
