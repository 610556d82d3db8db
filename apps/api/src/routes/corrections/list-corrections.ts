import { listCorrections as route } from '@nines/contracts'
import { listCorrections as find } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { correctionSources } from '../code/corrections-of-code.ts'

export const listCorrections = handle(route, async ({ workspace, query }, { prisma }) => {
  const corrections = await find(prisma, workspace.id, query.sloId)
  const sources = await correctionSources(prisma, workspace.id, corrections)
  const items = corrections.map((correction) => ({ ...correction, source: sources.get(correction.id) ?? null }))
  return { items, nextCursor: null }
})
