import { createAlertRule as route } from '@nines/contracts'
import { createAlertRule as create } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const createAlertRule = handle(route, async ({ workspace, params, body }, { prisma, announce }) => {
  const rule = await create(prisma, workspace.id, params.id, body)
  await announce.config(workspace.id, 'slos')
  return rule
})
