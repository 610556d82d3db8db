import { getCheck as route } from '@nines/contracts'
import { getCheck as findCheck } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { withRunsOfOne } from './with-runs.ts'

export const getCheck = handle(route, async ({ workspace, params }, { prisma, telemetry }) =>
  withRunsOfOne(telemetry, workspace.number, await findCheck(prisma, workspace.id, params.id)),
)
