import { updateAlertRule as route } from '@nines/contracts'
import { updateAlertRule as update } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const updateAlertRule = handle(route, async ({ workspace, params, body }, { prisma, announce }) => {
  const rule = await update(prisma, workspace.id, params.id, body)
  await announce.config(workspace.id, 'slos')
  return rule
})
