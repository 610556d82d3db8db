import { createChannel as route } from '@nines/contracts'
import { newWebhookSecret } from '@nines/delivery'
import { encryptSecret } from '@nines/kernel'
import { createChannel as create } from '@nines/records'
import { requirePrivatePermission } from '../../auth/require-private-permission.ts'
import { handle } from '../../http/handle.ts'

/** The signing secret is shown in this answer and kept only sealed. */
export const createChannel = handle(route, async ({ workspace, caller, body }, { prisma, secretKey, announce }) => {
  requirePrivatePermission(caller, 'body', body)
  const secret = newWebhookSecret()
  const channel = await create(prisma, workspace.id, body, encryptSecret(secret, secretKey))
  await announce.config(workspace.id, 'channels')
  return { channel, secret }
})
