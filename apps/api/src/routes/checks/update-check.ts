import { updateCheck as route } from '@nines/contracts'
import { getCheck, updateCheck as update } from '@nines/records'
import { requirePrivatePermission } from '../../auth/require-private-permission.ts'
import { handle } from '../../http/handle.ts'
import { withRunsOfOne } from './with-runs.ts'

export const updateCheck = handle(route, async ({ workspace, caller, params, body }, context) => {
  const { prisma, telemetry, announce } = context
  const current = await getCheck(prisma, workspace.id, params.id)
  requirePrivatePermission(caller, 'body/config', body.config, current.config)
  const check = await update(prisma, workspace.id, params.id, body)
  await announce.config(workspace.id, 'checks')
  // The interval is what an availability SLI expects runs by.
  await announce.config(workspace.id, 'slos')
  return withRunsOfOne(telemetry, workspace.number, check)
})
