import { rotateChannelSecret as route } from '@nines/contracts'
import { newWebhookSecret } from '@nines/delivery'
import { encryptSecret } from '@nines/kernel'
import { rotateChannelSecret as rotate } from '@nines/records'
import { handle } from '../../http/handle.ts'

/** The new signing secret is shown in this answer and kept only sealed. */
export const rotateChannelSecret = handle(route, async ({ workspace, params }, { prisma, secretKey, announce }) => {
  const secret = newWebhookSecret()
  await rotate(prisma, workspace.id, params.id, encryptSecret(secret, secretKey))
  await announce.config(workspace.id, 'channels')
  return { secret }
})
