import { createGateException as route } from '@nines/contracts'
import { createGateException as create, getSlo } from '@nines/records'
import { userIdOf } from '../../../auth/caller.ts'
import { handle } from '../../../http/handle.ts'

const HOUR_MS = 3_600_000

export const createGateException = handle(route, async ({ workspace, caller, params, body }, context) => {
  const { prisma, secretKey, announce, logger } = context
  const { id: sloId } = await getSlo(prisma, workspace.id, params.id)
  const now = new Date()
  const createdByName = caller.kind === 'key' ? `API key ${caller.name}` : caller.name
  const expiresAt = new Date(now.getTime() + body.hours * HOUR_MS)
  const input = { sloId, reason: body.reason, expiresAt, createdById: userIdOf(caller), createdByName }
  const exception = await create(prisma, workspace.id, input, { now, secretKey })
  logger.info({ sloId, exception: exception.id, by: createdByName, expiresAt }, 'deploys may pass a freeze gate')
  await announce.settings(workspace.id)
  return exception
})
