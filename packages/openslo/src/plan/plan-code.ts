import { isDeepStrictEqual } from 'node:util'
import type { CodeAction, CodeChange, CodeDocumentChange, CodeField, CodeFormatName } from '@nines/contracts'
import type { DesiredService, DesiredSlo } from '../desired/desired.ts'
import type { CodeDocument } from '../load-code.ts'
import { serviceDifferences, sloDifferences } from './field-differences.ts'

/** A service or SLO as it is now. */
export type Live<T> = T & { id: string }

/** A document that was applied before. */
export interface KeptDocument {
  id: string
  format: CodeFormatName
  kind: string
  name: string
  file: string
  value: unknown
  /** What it made, as it said at the time. */
  slos: { id: string; applied: DesiredSlo }[]
  services: { id: string; applied: DesiredService }[]
}

export interface CodeState {
  services: readonly Live<DesiredService>[]
  slos: readonly Live<DesiredSlo>[]
  kept: readonly KeptDocument[]
}

/** What to do with a service or an SLO; `desired` and its `source` are absent where code says nothing of it any more. */
export interface Planned<T> {
  change: CodeChange
  desired?: T
  source?: CodeDocument
}

/** What to do with a document: `source` is what the files say, `kept` what was applied before. */
export interface PlannedDocument {
  change: CodeDocumentChange
  source?: CodeDocument
  kept?: KeptDocument
}

export interface PlannedCode {
  services: Planned<DesiredService>[]
  slos: Planned<DesiredSlo>[]
  documents: PlannedDocument[]
}

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
  return {
    services: planServices(documents, state),
    slos: [...slos, ...orphans],
    documents: [
      ...documents.map((source) => planDocument(source, state)),
      ...forgotten.map((kept) => ({ change: { ...nameOf(kept), action: gone, document: 1, line: 1 }, kept })),
    ],
  }
}

export function isUnchanged({ services, slos, documents }: PlannedCode): boolean {
  return [...services, ...slos, ...documents].every(({ change }) => change.action === 'unchanged')
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

function changeOf(
  kind: CodeChange['kind'],
  { slug, name }: { slug: string; name: string },
  id: string | undefined,
  fields: CodeField[],
  drifted: boolean,
): Omit<CodeChange, 'place'> {
  const action = id === undefined ? 'create' : fields.length === 0 ? 'unchanged' : 'update'
  return { action, kind, slug, name, id: id ?? null, drifted, fields }
}

function goneSlo(live: Live<DesiredSlo>, applied: DesiredSlo, action: CodeAction): CodeChange {
  const drifted = sloDifferences(applied, live).length > 0
  return { ...changeOf('SLO', live, live.id, [], drifted), action, place: null }
}

function placeOf({ raw, line }: CodeDocument): CodeChange['place'] {
  return { file: raw.file, document: raw.document, line }
}

function nameOf({ format, kind, name, file }: KeptDocument) {
  return { format, kind, name, file }
}

function isSame(one: Pick<CodeDocument, 'format' | 'kind' | 'name'>, other: KeptDocument): boolean {
  return one.format === other.format && one.kind === other.kind && one.name === other.name
}
