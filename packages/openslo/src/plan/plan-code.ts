import { isDeepStrictEqual } from 'node:util'
import type { CodeAction, CodeChange, CodeDocumentChange } from '@nines/contracts'
import type { DesiredService, DesiredSlo } from '../desired/desired.ts'
import type { CodeDocument } from '../load-code.ts'
import { correctionDifferences, policyDifferences, serviceDifferences, sloDifferences } from './field-differences.ts'
import { planNamed } from './plan-named.ts'
import {
  changeOf,
  isSame,
  objectsIn,
  placeOf,
  type CodeState,
  type KeptDocument,
  type Live,
  type Planned,
  type PlannedCode,
  type PlannedDocument,
} from './planned.ts'

export interface PlanOptions {
  /** Paths of all files at hand: what they once said and say no more is left, or pruned. */
  files: readonly string[]
  prune: boolean
}

/** Compares what code wants with what is there. Everything is `unchanged` exactly when applying would change nothing. */
export function planCode(documents: readonly CodeDocument[], state: CodeState, options: PlanOptions): PlannedCode {
  const gone: CodeAction = options.prune ? 'remove' : 'left'
  const known: KnownSlos = {
    bySlug: new Map(state.slos.map((slo) => [slo.slug, slo])),
    applied: new Map(state.kept.flatMap((kept) => kept.slos.map(({ id, applied }) => [id, applied] as const))),
  }
  const slos = documents.flatMap((source) => source.slos.map((desired) => planSlo(source, desired, known)))
  const claimed = new Set(slos.map((slo) => slo.change.slug))
  const restated = state.kept.filter((kept) => documents.some((one) => isSame(one, kept)))
  // A document that only moved to another file is restated, not forgotten.
  const forgotten = state.kept.filter((kept) => options.files.includes(kept.file) && !restated.includes(kept))
  const orphans = [...restated, ...forgotten]
    .flatMap((kept) => kept.slos)
    .flatMap(({ id, applied }) => {
      const live = state.slos.find((slo) => slo.id === id)
      return live === undefined || claimed.has(live.slug) ? [] : { change: goneSlo(live, applied, gone) }
    })
  const all = { given: documents, kept: state.kept, restated, forgotten, gone }
  return {
    services: planServices(documents, state),
    slos: [...slos, ...orphans],
    budgetPolicies: planNamed(
      {
        kind: 'BudgetPolicy',
        live: state.budgetPolicies,
        wantedBy: ({ budgetPolicies = [] }) => budgetPolicies,
        madeBy: ({ budgetPolicies }) => budgetPolicies,
        differences: policyDifferences,
      },
      all,
    ),
    corrections: planNamed(
      {
        kind: 'Correction',
        live: state.corrections,
        wantedBy: ({ corrections = [] }) => corrections,
        madeBy: ({ corrections }) => corrections,
        differences: correctionDifferences,
      },
      all,
    ),
    documents: [
      ...documents.map((source) => planDocument(source, state)),
      ...forgotten.map((kept) => ({ change: { ...nameOf(kept), action: gone, document: 1, line: 1 }, kept })),
    ],
  }
}

export function isUnchanged({ documents, ...objects }: PlannedCode): boolean {
  return [...objectsIn(objects), ...documents].every(({ change }) => change.action === 'unchanged')
}

interface KnownSlos {
  bySlug: ReadonlyMap<string, Live<DesiredSlo>>
  /** By id: what code last said of it. */
  applied: ReadonlyMap<string, DesiredSlo>
}

function planSlo(source: CodeDocument, desired: DesiredSlo, known: KnownSlos): Planned<DesiredSlo> {
  const live = known.bySlug.get(desired.slug)
  const applied = live && known.applied.get(live.id)
  const fields = live === undefined ? [] : sloDifferences(live, desired)
  const drifted = live !== undefined && applied !== undefined && sloDifferences(applied, live).length > 0
  const change = { ...changeOf('SLO', desired, live?.id, fields, drifted), place: placeOf(source) }
  return { change, desired, source }
}

/** Each service once: as its own document says it, else as the SLOs that name it do. */
function planServices(documents: readonly CodeDocument[], state: CodeState): Planned<DesiredService>[] {
  const wanted = new Map<string, { desired: DesiredService; source: CodeDocument }>()
  for (const source of documents)
    for (const desired of source.services) {
      const before = wanted.get(desired.slug)
      if (before === undefined || (before.desired.isImplied && !desired.isImplied))
        wanted.set(desired.slug, { desired, source })
    }
  return [...wanted.values()].flatMap(({ desired, source }) => {
    const live = state.services.find((service) => service.slug === desired.slug)
    if (live !== undefined && desired.isImplied) return []
    const applied = state.kept.flatMap((kept) => kept.services).find((service) => service.id === live?.id)?.applied
    const fields = live === undefined ? [] : serviceDifferences(live, desired)
    const drifted = live !== undefined && applied !== undefined && serviceDifferences(applied, live).length > 0
    return {
      change: { ...changeOf('Service', desired, live?.id, fields, drifted), place: placeOf(source) },
      desired,
      source,
    }
  })
}

function planDocument(source: CodeDocument, state: CodeState): PlannedDocument {
  const kept = state.kept.find((one) => isSame(source, one))
  // Comments and order are kept as they are given, but change nothing.
  const isEqual = kept !== undefined && isDeepStrictEqual(kept.value, source.raw.value)
  const action = kept === undefined ? 'create' : isEqual ? 'unchanged' : 'update'
  const { file, document } = source.raw
  const change = {
    action,
    format: source.format,
    kind: source.kind,
    name: source.name,
    file,
    document,
    line: source.line,
  }
  return { change: change as CodeDocumentChange, source, ...(kept && { kept }) }
}

function goneSlo(live: Live<DesiredSlo>, applied: DesiredSlo, action: CodeAction): CodeChange {
  const drifted = sloDifferences(applied, live).length > 0
  return { ...changeOf('SLO', live, live.id, [], drifted), action, place: null }
}

function nameOf({ format, kind, name, file }: KeptDocument) {
  return { format, kind, name, file }
}
