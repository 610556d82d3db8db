import { listApiKeys as route } from '@nines/contracts'
import { listApiKeys as findKeys } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const listApiKeys = handle(route, async ({ workspace }, { prisma, publicIngestUrl, publicIngestGrpcUrl }) => ({
  items: await findKeys(prisma, workspace.id),
  nextCursor: null,
  ingestUrl: publicIngestUrl,
  ingestGrpcUrl: publicIngestGrpcUrl,
}))
