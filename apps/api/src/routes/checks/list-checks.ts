import { listChecks as route } from '@nines/contracts'
import { listChecks as findChecks } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { withRuns } from './with-runs.ts'

export const listChecks = handle(route, async ({ workspace }, { prisma, telemetry }) => ({
  items: await withRuns(telemetry, workspace.number, await findChecks(prisma, workspace.id)),
  nextCursor: null,
}))
