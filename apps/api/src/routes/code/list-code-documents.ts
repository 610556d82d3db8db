import { listCodeDocuments as route, type CodeDocumentDto } from '@nines/contracts'
import { correctionDifferences, policyDifferences, serviceDifferences, sloDifferences, type Live } from '@nines/openslo'
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
    // A correction has no name that people know it by.
    const corrections = state.corrections.map((correction) => ({ ...correction, name: correction.reason }))
    const madeCorrections = kept?.corrections.map(({ id, applied }) => ({
      id,
      applied: { ...applied, name: applied.reason },
    }))
    return {
      ...document,
      slos: madeOf(kept?.slos, state.slos, sloDifferences),
      services: madeOf(kept?.services, state.services, serviceDifferences),
      budgetPolicies: madeOf(kept?.budgetPolicies, state.budgetPolicies, policyDifferences),
      corrections: madeOf(madeCorrections, corrections, correctionDifferences),
    }
  })
  return { items, nextCursor: null }
})

/** What a document made, by name; also what is not there any more, since the document still says it. */
function madeOf<T extends { name: string }>(
  made: readonly { id: string; applied: T }[] = [],
  live: readonly Live<T>[],
  differences: (before: T, after: T) => readonly unknown[],
): CodeDocumentDto['slos'] {
  const found = made.map(({ id, applied }) => {
    const now = live.find((one) => one.id === id)
    return now === undefined
      ? { id, name: applied.name, drifted: true, gone: true }
      : { id, name: now.name, drifted: differences(applied, now).length > 0, gone: false }
  })
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
