import { getSloSource as route } from '@nines/contracts'
import { desiredSlo, sloDifferences } from '@nines/openslo'
import { findSloSource, listSloTargets } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { sourceDto } from './source-dto.ts'

export const getSloSource = handle(route, async ({ workspace, params }, { prisma }) => {
  const document = await findSloSource(prisma, workspace.id, params.id)
  if (document === null) return { source: null }
  const applied = desiredSlo.safeParse(document.objects.find((object) => object.sloId === params.id)?.applied)
  const live = (await listSloTargets(prisma, workspace.id)).find((slo) => slo.id === params.id)
  const drift = applied.success && live !== undefined ? sloDifferences(applied.data, live) : []
  return { source: sourceDto(document, drift) }
})
