import { listCodeDocuments as route } from '@nines/contracts'
import { serviceDifferences, sloDifferences } from '@nines/openslo'
import { listCodeDocuments as list } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { loadCodeState } from './code-state.ts'

export const listCodeDocuments = handle(route, async ({ workspace }, context) => {
  const [documents, state] = await Promise.all([
    list(context.prisma, workspace.id),
    loadCodeState(context, workspace.id),
  ])
  const items = documents.map(({ objects: _objects, text: _text, isSealed: _sealed, ...document }) => {
    const kept = state.kept.find((one) => one.id === document.id)
    return {
      ...document,
      slos: (kept?.slos ?? []).flatMap(({ id, applied }) => {
        const live = state.slos.find((slo) => slo.id === id)
        return live === undefined ? [] : { id, name: live.name, drifted: sloDifferences(applied, live).length > 0 }
      }),
      services: (kept?.services ?? []).flatMap(({ id, applied }) => {
        const live = state.services.find((service) => service.id === id)
        return live === undefined ? [] : { id, name: live.name, drifted: serviceDifferences(applied, live).length > 0 }
      }),
    }
  })
  return { items, nextCursor: null }
})
