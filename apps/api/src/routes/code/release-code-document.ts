import { releaseCodeDocument as route } from '@nines/contracts'
import { forgetCodeDocument } from '@nines/records'
import { handle, OK } from '../../http/handle.ts'

export const releaseCodeDocument = handle(route, async ({ workspace, params }, { prisma, announce }) => {
  await forgetCodeDocument(prisma, workspace.id, params.id)
  await announce.settings(workspace.id)
  return OK
})
