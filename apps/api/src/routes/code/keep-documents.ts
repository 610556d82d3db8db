import type { CodeObjectKind } from '@nines/contracts'
import { encryptSecret } from '@nines/kernel'
import type { CodeDocument, PlannedCode } from '@nines/openslo'
import { keepCodeDocuments, type CodeBinding, type NewCodeDocument } from '@nines/records'
import { userIdOf, type WorkspaceCaller } from '../../auth/caller.ts'
import type { ApiContext } from '../../context.ts'
import { notesOf } from './plan-files.ts'

/** The id of something that documents made, by its short name or name. */
export type IdOf = (kind: CodeObjectKind, slug: string) => string | null

/** Keeps the documents of an apply with what they made, and forgets those that it prunes. */
export async function keepDocuments(
  { prisma, secretKey }: ApiContext,
  caller: WorkspaceCaller,
  planned: PlannedCode,
  { idOf, commit }: { idOf: IdOf; commit: string | null },
): Promise<void> {
  const documents = planned.documents.flatMap(({ source }) => source ?? [])
  const kept = documents.map((document): NewCodeDocument => {
    const isSealed = document.kind === 'DataSource'
    return {
      format: document.format,
      kind: document.kind,
      name: document.name,
      text: isSealed ? encryptSecret(document.raw.text, secretKey) : document.raw.text,
      isSealed,
      file: document.raw.file,
      commit,
      line: document.line,
      notes: notesOf(document),
      appliedById: userIdOf(caller),
      objects: objectsOf(document, idOf),
    }
  })
  const forget = planned.documents.flatMap(({ change, kept: before }) =>
    change.action === 'remove' && before ? before.id : [],
  )
  await keepCodeDocuments(prisma, caller.workspace.id, kept, forget)
}

/** A service that an SLO only names is not the document's. */
function objectsOf({ services, slos, budgetPolicies = [], corrections = [] }: CodeDocument, idOf: IdOf): CodeBinding[] {
  const none = { sloId: null, serviceId: null, budgetPolicyId: null, correctionId: null }
  return [
    ...services
      .filter((service) => !service.isImplied)
      .map((applied) => ({ ...none, serviceId: idOf('Service', applied.slug), applied })),
    ...slos.map((applied) => ({ ...none, sloId: idOf('SLO', applied.slug), applied })),
    ...budgetPolicies.map((applied) => ({ ...none, budgetPolicyId: idOf('BudgetPolicy', applied.name), applied })),
    ...corrections.map((applied) => ({ ...none, correctionId: idOf('Correction', applied.name), applied })),
  ]
}
