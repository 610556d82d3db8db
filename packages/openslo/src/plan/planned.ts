import type { CodeChange, CodeDocumentChange, CodeField, CodeFormatName } from '@nines/contracts'
import type { DesiredService, DesiredSlo } from '../desired/desired.ts'
import type { CodeDocument } from '../load-code.ts'
import type { DesiredPolicy } from '../nines/budget-policy.ts'
import type { DesiredCorrection } from '../nines/correction.ts'

/** Something as it is now. */
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
  budgetPolicies: { id: string; applied: DesiredPolicy }[]
  corrections: { id: string; applied: DesiredCorrection }[]
}

export interface CodeState {
  services: readonly Live<DesiredService>[]
  slos: readonly Live<DesiredSlo>[]
  budgetPolicies: readonly Live<DesiredPolicy>[]
  /** Those that hold: revoked ones are none. One that no document made goes by its id. */
  corrections: readonly Live<DesiredCorrection>[]
  kept: readonly KeptDocument[]
}

/** What to do with something; `desired` and its `source` are absent where code says nothing of it any more. */
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
  budgetPolicies: Planned<DesiredPolicy>[]
  corrections: Planned<DesiredCorrection>[]
  documents: PlannedDocument[]
}

/** Everything but the documents, in the order in which it is written. */
export function objectsIn({
  services,
  budgetPolicies,
  slos,
  corrections,
}: Omit<PlannedCode, 'documents'>): Planned<unknown>[] {
  return [...services, ...budgetPolicies, ...slos, ...corrections]
}

export function changeOf(
  kind: CodeChange['kind'],
  { slug, name }: { slug: string; name: string },
  id: string | undefined,
  fields: CodeField[],
  drifted: boolean,
): Omit<CodeChange, 'place'> {
  const action = id === undefined ? 'create' : fields.length === 0 ? 'unchanged' : 'update'
  return { action, kind, slug, name, id: id ?? null, drifted, fields }
}

export function placeOf({ raw, line }: CodeDocument): CodeChange['place'] {
  return { file: raw.file, document: raw.document, line }
}

export function isSame(one: Pick<CodeDocument, 'format' | 'kind' | 'name'>, other: KeptDocument): boolean {
  return one.format === other.format && one.kind === other.kind && one.name === other.name
}
