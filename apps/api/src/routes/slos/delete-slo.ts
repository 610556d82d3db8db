import { deleteSlo as route } from '@nines/contracts'
import { archiveSlo } from '@nines/records'
import { handle, OK } from '../../http/handle.ts'

export const deleteSlo = handle(route, async ({ workspace, params }, { prisma, announce }) => {
  await archiveSlo(prisma, workspace.id, params.id)
  await announce.config(workspace.id, 'slos')
  return OK
})
