import { updateTelemetrySettings as route } from '@nines/contracts'
import { updateTelemetrySettings as update } from '@nines/records'
import { userIdOf } from '../../auth/caller.ts'
import { handle } from '../../http/handle.ts'

export const updateTelemetrySettings = handle(
  route,
  async ({ workspace, caller, body }, { prisma, announce, logger }) => {
    const userId = userIdOf(caller)
    const changed = await update(prisma, workspace.id, body, userId)
    logger.info({ workspaceId: workspace.id, userId, settings: body }, 'telemetry settings were changed')
    await announce.config(workspace.id, 'telemetry')
    return changed
  },
)
