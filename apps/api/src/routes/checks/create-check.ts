import { createCheck as route } from '@nines/contracts'
import { createCheck as create } from '@nines/records'
import { requirePrivatePermission } from '../../auth/require-private-permission.ts'
import { handle } from '../../http/handle.ts'
import { withRunsOfOne } from './with-runs.ts'

export const createCheck = handle(route, async ({ workspace, caller, body }, { prisma, telemetry, announce }) => {
  requirePrivatePermission(caller, 'body/config', body.config)
  const check = await create(prisma, workspace.id, body)
  await announce.config(workspace.id, 'checks')
  return withRunsOfOne(telemetry, workspace.number, check)
})
