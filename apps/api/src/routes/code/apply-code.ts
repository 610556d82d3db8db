import { applyCode as route, type CodeObjectKind } from '@nines/contracts'
import { objectsIn, type PlannedCode } from '@nines/openslo'
import {
  archiveSlo,
  createService,
  deleteBudgetPolicy,
  getService,
  listComposites,
  updateService,
  withMembers,
  writeCodeSlo,
  type PrismaClient,
} from '@nines/records'
import { actorOf, userIdOf, type WorkspaceCaller } from '../../auth/caller.ts'
import type { ApiContext } from '../../context.ts'
import { handle } from '../../http/handle.ts'
import { inWritingOrder } from './composites-of-code.ts'
import { writeCorrection, type IdsBySlug } from './corrections-of-code.ts'
import { keepDocuments, type IdOf } from './keep-documents.ts'
import { followBudgetPolicy } from './named-budget-policies.ts'
import { planFiles } from './plan-files.ts'
import { writePolicy } from './policies-of-code.ts'

/**
 * Applies files: services and budget policies first, then SLOs, then corrections, then the documents themselves. Each object
 * is written whole; when one cannot be, those before it stay and the same call, made again, goes on from there.
 */
export const applyCode = handle(route, async ({ workspace, caller, body }, context) => {
  const { planned, answer } = await planFiles(context, workspace, body)
  const ids = new Map<string, string>()
  try {
    await writeServices(context, workspace.id, planned, ids)
    await writeBudgetPolicies(context, caller, planned, ids)
    await writeSlos(context, caller, planned, ids)
    await removeBudgetPolicies(context, caller, planned)
    await writeCorrections(context, caller, planned, ids)
    const idOf: IdOf = (kind, slug) => {
      const { change } = objectsIn(planned).find((one) => one.change.kind === kind && one.change.slug === slug) ?? {}
      return ids.get(keyOf({ kind, slug })) ?? change?.id ?? null
    }
    await keepDocuments(context, caller, planned, { idOf, commit: body.commit })
  } finally {
    await context.announce.config(workspace.id, 'slos')
  }
  const changes = answer.changes.map((change) => ({ ...change, id: ids.get(keyOf(change)) ?? change.id }))
  return { ...answer, changes }
})

/** Ids of what was just made, also in the place of something else. */
type Ids = Map<string, string>

const keyOf = ({ kind, slug }: { kind: CodeObjectKind; slug: string }) => `${kind} ${slug}`

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

async function writeBudgetPolicies(
  context: ApiContext,
  caller: WorkspaceCaller,
  { budgetPolicies }: PlannedCode,
  ids: Ids,
): Promise<void> {
  const change = { actor: actorOf(caller), settings: context }
  for (const { change: what, desired } of budgetPolicies) {
    if (desired === undefined || (what.action !== 'create' && what.action !== 'update')) continue
    const { id, ...outcome } = await writePolicy(context.prisma, caller.workspace.id, what.id, desired, change)
    ids.set(keyOf(what), id)
    await context.announce.outcome(caller.workspace.id, outcome)
  }
}

/** Once no SLO follows them any more. */
async function removeBudgetPolicies(
  context: ApiContext,
  caller: WorkspaceCaller,
  { budgetPolicies }: PlannedCode,
): Promise<void> {
  const change = { actor: actorOf(caller), settings: context }
  for (const { change: what } of budgetPolicies) {
    if (what.action === 'remove' && what.id !== null)
      await deleteBudgetPolicy(context.prisma, caller.workspace.id, what.id, change)
  }
}

async function writeCorrections(
  { prisma }: ApiContext,
  caller: WorkspaceCaller,
  { corrections }: PlannedCode,
  ids: Ids,
): Promise<void> {
  if (corrections.length === 0) return
  const known = await idsBySlug(prisma, caller.workspace.id)
  for (const planned of corrections) {
    const id = await writeCorrection(prisma, caller.workspace.id, planned, known, actorOf(caller))
    if (id !== null) ids.set(keyOf(planned.change), id)
  }
}

async function idsBySlug(
  prisma: PrismaClient,
  workspaceId: string,
): Promise<Record<keyof IdsBySlug, Map<string, string>>> {
  const select = { id: true, slug: true }
  const services = await prisma.service.findMany({ where: { workspaceId }, select })
  const slos = await prisma.slo.findMany({ where: { workspaceId, archivedAt: null }, select })
  const bySlug = (rows: { id: string; slug: string }[]) => new Map(rows.map(({ id, slug }) => [slug, id]))
  return { services: bySlug(services), slos: bySlug(slos) }
}

async function writeSlos(context: ApiContext, caller: WorkspaceCaller, planned: PlannedCode, ids: Ids): Promise<void> {
  const { prisma, announce } = context
  const workspaceId = caller.workspace.id
  const change = { actor: actorOf(caller), settings: context }
  const { services: serviceIds, slos: sloIds } = await idsBySlug(prisma, workspaceId)
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
