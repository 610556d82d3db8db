import { decryptSecret } from '@nines/kernel'
import {
  desiredCorrection,
  desiredPolicy,
  desiredSlo,
  readDocuments,
  type CodeState,
  type DesiredService,
  type KeptText,
} from '@nines/openslo'
import { listCodeDocuments, listServices, listSloTargets, type StoredCodeDocument } from '@nines/records'
import type { ApiContext } from '../../context.ts'
import { liveCorrections } from './corrections-of-code.ts'
import { livePolicies } from './policies-of-code.ts'

export type LoadedState = Omit<CodeState, 'kept'> & { kept: KeptText[] }

/** Services, SLOs, budget policies and corrections of a workspace as they are, and the documents that were applied, opened. */
export async function loadCodeState(context: ApiContext, workspaceId: string): Promise<LoadedState> {
  const { prisma, secretKey } = context
  const [services, slos, budgetPolicies, documents] = await Promise.all([
    listServices(prisma, workspaceId),
    listSloTargets(prisma, workspaceId),
    livePolicies(prisma, workspaceId),
    listCodeDocuments(prisma, workspaceId),
  ])
  return {
    services: services.map(({ id, slug, name, description }) => ({ id, slug, name, description, isImplied: false })),
    slos,
    budgetPolicies,
    corrections: await liveCorrections(prisma, workspaceId, documents, { services, slos }),
    kept: documents.map((document) => keptOf(document, secretKey)),
  }
}

function keptOf(document: StoredCodeDocument, secretKey: string): KeptText {
  const { id, format, kind, name, file, objects } = document
  const text = document.isSealed ? decryptSecret(document.text, secretKey) : document.text
  return {
    id,
    format,
    kind,
    name,
    file,
    text,
    // Read only when it is compared: most of what is kept is not in the files at hand.
    get value() {
      return readDocuments({ path: file, content: text }).documents[0]?.value
    },
    slos: objects.flatMap(({ sloId, applied }) => {
      const parsed = desiredSlo.safeParse(applied)
      return sloId !== null && parsed.success ? { id: sloId, applied: parsed.data } : []
    }),
    services: objects.flatMap(({ serviceId, applied }) =>
      serviceId === null ? [] : { id: serviceId, applied: applied as DesiredService },
    ),
    budgetPolicies: objects.flatMap(({ budgetPolicyId, applied }) => {
      const parsed = desiredPolicy.safeParse(applied)
      return budgetPolicyId !== null && parsed.success ? { id: budgetPolicyId, applied: parsed.data } : []
    }),
    corrections: objects.flatMap(({ correctionId, applied }) => {
      const parsed = desiredCorrection.safeParse(applied)
      return correctionId !== null && parsed.success ? { id: correctionId, applied: parsed.data } : []
    }),
  }
}
