import { applyCode as route, type CodeInput } from '@nines/contracts'
import { encryptSecret } from '@nines/kernel'
import type { CodeDocument, PlannedCode } from '@nines/openslo'
import {
  archiveSlo,
  createService,
  getService,
  keepCodeDocuments,
  listComposites,
  updateService,
  withMembers,
  writeCodeSlo,
  type NewCodeDocument,
} from '@nines/records'
import { actorOf, userIdOf, type WorkspaceCaller } from '../../auth/caller.ts'
import type { ApiContext } from '../../context.ts'
import { handle } from '../../http/handle.ts'
import { inWritingOrder } from './composites-of-code.ts'
import { followBudgetPolicy } from './named-budget-policies.ts'
import { notesOf, planFiles } from './plan-files.ts'

/**
 * Applies files: services first, then SLOs, then the documents themselves. Each object is written whole; when one cannot
 * be, those before it stay and the same call, made again, goes on from there.
 */
export const applyCode = handle(route, async ({ workspace, caller, body }, context) => {
  const { planned, answer } = await planFiles(context, workspace, body)
  const ids = new Map<string, string>()
  try {
    await writeServices(context, workspace.id, planned, ids)
    await writeSlos(context, caller, planned, ids)
    await keepDocuments(context, caller, planned, ids, body)
  } finally {
    await context.announce.config(workspace.id, 'slos')
  }
  const changes = answer.changes.map((change) => ({ ...change, id: change.id ?? ids.get(keyOf(change)) ?? null }))
  return { ...answer, changes }
})

/** Ids of what was just made. */
type Ids = Map<string, string>

const keyOf = ({ kind, slug }: { kind: 'Service' | 'SLO'; slug: string }) => `${kind} ${slug}`

async function writeServices(
  { prisma }: ApiContext,
  workspaceId: string,
  planned: PlannedCode,
  ids: Ids,
): Promise<void> {
  for (const { change, desired } of planned.services) {
    if (desired === undefined) continue
    const { slug, name, description } = desired
    if (change.id === null) {
      const defaults = { tier: 3, runbookUrl: null, teamId: null, escalationPolicyId: null }
      ids.set(keyOf(change), (await createService(prisma, workspaceId, { slug, name, description, ...defaults })).id)
    } else if (change.action === 'update') {
      const { team, tier, runbookUrl, escalationPolicyId } = await getService(prisma, workspaceId, change.id)
      const others = { tier, runbookUrl, escalationPolicyId, teamId: team?.id ?? null }
      await updateService(prisma, workspaceId, change.id, { slug, name, description, ...others })
    }
  }
}

async function writeSlos(context: ApiContext, caller: WorkspaceCaller, planned: PlannedCode, ids: Ids): Promise<void> {
  const { prisma, announce } = context
  const workspaceId = caller.workspace.id
  const change = { actor: actorOf(caller), settings: context }
  const services = await prisma.service.findMany({ where: { workspaceId }, select: { id: true, slug: true } })
  const serviceIds = new Map(services.map(({ id, slug }) => [slug, id]))
  const slos = await prisma.slo.findMany({ where: { workspaceId, archivedAt: null }, select: { id: true, slug: true } })
  const sloIds = new Map(slos.map(({ id, slug }) => [slug, id]))
  for (const { change: what, desired } of inWritingOrder(planned.slos, await listComposites(prisma, workspaceId))) {
    if (what.action === 'remove' && what.id !== null)
      await announce.outcome(workspaceId, await archiveSlo(prisma, workspaceId, what.id, change))
    if (desired === undefined || (what.action !== 'create' && what.action !== 'update')) continue
    const { service, budgetPolicy, ...slo } = desired
    const input = { ...slo, sli: withMembers(slo.sli, sloIds), serviceId: serviceIds.get(service) ?? '' }
    const { id, ...outcome } = await writeCodeSlo(prisma, workspaceId, what.id, input, {
      userId: userIdOf(caller),
      change,
    })
    ids.set(keyOf(what), id)
    sloIds.set(desired.slug, id)
    await announce.outcome(workspaceId, outcome)
    if (budgetPolicy !== undefined)
      await announce.outcome(workspaceId, await followBudgetPolicy(prisma, workspaceId, id, budgetPolicy, change))
  }
}

async function keepDocuments(
  { prisma, secretKey }: ApiContext,
  caller: WorkspaceCaller,
  planned: PlannedCode,
  ids: Ids,
  { commit }: CodeInput,
): Promise<void> {
  const idOf = (kind: 'Service' | 'SLO', slug: string) => {
    const { change } =
      [...planned.services, ...planned.slos].find((one) => one.change.kind === kind && one.change.slug === slug) ?? {}
    return change?.id ?? ids.get(keyOf({ kind, slug })) ?? null
  }
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
      commit: commit ?? null,
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
function objectsOf({ services, slos }: CodeDocument, idOf: (kind: 'Service' | 'SLO', slug: string) => string | null) {
  return [
    ...services
      .filter((service) => !service.isImplied)
      .map((applied) => ({ sloId: null, serviceId: idOf('Service', applied.slug), applied })),
    ...slos.map((applied) => ({ sloId: idOf('SLO', applied.slug), serviceId: null, applied })),
  ]
}
