import { createChannel as route } from '@nines/contracts'
import { newWebhookSecret } from '@nines/delivery'
import { encryptSecret } from '@nines/kernel'
import { createChannel as create } from '@nines/records'
import { handle } from '../../http/handle.ts'

/** The signing secret is shown in this answer and kept only sealed. */
export const createChannel = handle(route, async ({ workspace, body }, { prisma, secretKey, announce }) => {
  const secret = newWebhookSecret()
  const channel = await create(prisma, workspace.id, body, encryptSecret(secret, secretKey))
  await announce.config(workspace.id, 'channels')
  return { channel, secret }
})
