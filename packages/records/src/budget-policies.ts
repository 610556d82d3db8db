import type { BudgetStep, BudgetUnknown } from '@nines/contracts'
import type { Actor } from '@nines/incidents'
import { newId, NinesError } from '@nines/kernel'
import type { BudgetMachine, StandingTerms } from '@nines/slo'
import { attachSlo, detachSlo, requireObjective, withdraw, type BudgetChange } from './budget-attachments.ts'
import { changedFields, noteBudgetChange } from './budget-policy-changes.ts'
import { budgetMachineOf, lockAttachment, standingTermsOf } from './budget-rows.ts'
import type { Database } from './client.ts'
import { refuseDuplicate } from './constraint-errors.ts'
import { noOutcome, type Outcome } from './follow-ups.ts'
import type { BudgetPolicy, Prisma, PrismaClient } from './generated/client.ts'
import { instantOf } from './instants.ts'
import { databaseNow, lockedTransaction } from './locked-transaction.ts'
import { requireReferences, type Reference } from './workspace-references.ts'

export interface BudgetPolicyFields {
  name: string
  description: string
  steps: BudgetStep[]
  margin: number
  onUnknown: BudgetUnknown
}

export interface BudgetPolicyInput extends BudgetPolicyFields {
  /** All SLOs that follow it; undefined leaves them as they are. */
  slos?: { id: string; objective: number | null }[] | undefined
}

/** An SLO that follows a policy, with its steps as they are on record. */
export interface StoredFollower {
  id: string
  name: string
  serviceName: string
  version: number
  objective: number | null
  machine: BudgetMachine
  terms: StandingTerms
}

export interface StoredBudgetPolicy extends BudgetPolicyFields {
  id: string
  followers: StoredFollower[]
  createdAt: string
  createdBy: string
  updatedAt: string
  updatedBy: string
}

const withFollowers = {
  attachments: {
    where: { slo: { archivedAt: null } },
    include: { slo: { include: { service: { select: { name: true } } } } },
    orderBy: [{ slo: { name: 'asc' } }, { sloId: 'asc' }],
  },
} as const satisfies Prisma.BudgetPolicyInclude
type PolicyRow = Prisma.BudgetPolicyGetPayload<{ include: typeof withFollowers }>

/** Budget policies of a workspace by name. */
export async function listBudgetPolicies(db: Database, workspaceId: string): Promise<StoredBudgetPolicy[]> {
  const rows = await db.budgetPolicy.findMany({
    where: { workspaceId, deletedAt: null },
    include: withFollowers,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  })
  return rows.map(toStored)
}

export async function getBudgetPolicy(db: Database, workspaceId: string, id: string): Promise<StoredBudgetPolicy> {
  const row = await db.budgetPolicy.findFirst({ where: { id, workspaceId, deletedAt: null }, include: withFollowers })
  if (row === null) throw noSuchPolicy()
  return toStored(row)
}

/** Makes a policy and lets SLOs follow it. Answers its id. */
export async function createBudgetPolicy(
  prisma: PrismaClient,
  workspaceId: string,
  input: BudgetPolicyInput,
  change: BudgetChange,
): Promise<Outcome & { id: string }> {
  await requireBudgetReferences(prisma, workspaceId, input)
  const id = newId('bpo')
  const fields = sorted(input)
  await refuseTaken(prisma, workspaceId, fields.name)
  const create = lockedTransaction(prisma, async (tx) => {
    const at = await databaseNow(tx)
    const by = nameOf(change.actor)
    const when = { createdAt: new Date(at), updatedAt: new Date(at), createdByName: by, updatedByName: by }
    await tx.budgetPolicy.create({ data: { id, workspaceId, ...fields, ...when } })
    const noted = { workspaceId, policyId: id, kind: 'created' as const, fields: changedFields({}, { ...fields }) }
    await noteBudgetChange(tx, noted, change.actor, at)
    return followedBy(tx, workspaceId, { id, slos: input.slos ?? [] }, change)
  })
  return { id, ...(await refuseDuplicate(create, 'body/name', nameTaken(fields.name))) }
}

/**
 * Changes a policy. Thresholds that stay keep their state: other actions hold from now on, and nobody is told again. Those
 * that go are left, and whoever they told is told so.
 */
export async function updateBudgetPolicy(
  prisma: PrismaClient,
  workspaceId: string,
  id: string,
  input: BudgetPolicyInput,
  change: BudgetChange,
): Promise<Outcome> {
  await getBudgetPolicy(prisma, workspaceId, id)
  await requireBudgetReferences(prisma, workspaceId, input)
  const fields = sorted(input)
  await refuseTaken(prisma, workspaceId, fields.name, id)
  const update = lockedTransaction(prisma, async (tx) => {
    await tx.$queryRaw`select id from "BudgetPolicy" where id = ${id} for no key update`
    const before = await tx.budgetPolicy.findFirst({ where: { id, workspaceId, deletedAt: null } })
    if (before === null) throw noSuchPolicy()
    const changed = changedFields(fieldsOf(before), { ...fields })
    const at = await databaseNow(tx)
    const outcome = noOutcome()
    if (changed.length > 0) {
      const data = { ...fields, updatedAt: new Date(at), updatedByName: nameOf(change.actor) }
      await tx.budgetPolicy.update({ where: { id }, data })
      await noteBudgetChange(tx, { workspaceId, policyId: id, kind: 'changed', fields: changed }, change.actor, at)
      join(outcome, await withdrawGone(tx, before, fields, change))
    }
    if (input.slos) join(outcome, await followedBy(tx, workspaceId, { id, slos: input.slos }, change))
    return outcome
  })
  return refuseDuplicate(update, 'body/name', nameTaken(fields.name))
}

/** Whether updateBudgetPolicy would change the policy itself, whoever follows it. */
export async function changesBudgetPolicy(
  db: Database,
  workspaceId: string,
  id: string,
  input: BudgetPolicyInput,
): Promise<boolean> {
  const { name, description, steps, margin, onUnknown } = await getBudgetPolicy(db, workspaceId, id)
  return changedFields({ name, description, steps, margin, onUnknown }, { ...sorted(input) }).length > 0
}

/** Takes a policy that no SLO follows out of use. Its events and changes stay. */
export async function deleteBudgetPolicy(
  prisma: PrismaClient,
  workspaceId: string,
  id: string,
  change: BudgetChange,
): Promise<void> {
  await lockedTransaction(prisma, async (tx) => {
    await tx.$queryRaw`select id from "BudgetPolicy" where id = ${id} and "workspaceId" = ${workspaceId} for update`
    const { name, followers } = await getBudgetPolicy(tx, workspaceId, id)
    if (followers.length > 0) throw new NinesError('conflict', followedText(followers.map((one) => one.name)))
    const at = await databaseNow(tx)
    await tx.budgetPolicy.update({ where: { id }, data: { name: `${name} (deleted ${id})`, deletedAt: new Date(at) } })
    await noteBudgetChange(tx, { workspaceId, policyId: id, kind: 'deleted', fields: [] }, change.actor, at)
  })
}

/** Throws `invalid` naming every channel and SLO of a policy that is no live thing of the workspace. */
export async function requireBudgetReferences(
  db: Database,
  workspaceId: string,
  { steps, slos = [] }: Pick<BudgetPolicyInput, 'steps' | 'slos'>,
): Promise<void> {
  const channels = steps.flatMap(({ actions }, step) =>
    actions.flatMap((action, index): Reference[] =>
      'channelId' in action
        ? [{ kind: 'channel', id: action.channelId, path: `body/steps/${step}/actions/${index}/channelId` }]
        : [],
    ),
  )
  const followers = slos.map(({ id }, index): Reference => ({ kind: 'slo', id, path: `body/slos/${index}/id` }))
  await requireReferences(db, workspaceId, [...channels, ...followers])
  for (const [index, { id: sloId, objective }] of slos.entries())
    await requireObjective(db, { sloId, objective }, `body/slos/${index}/objective`)
}

/** Ends what is in force of thresholds that the policy has no more. */
async function withdrawGone(
  tx: Database,
  before: BudgetPolicy,
  after: BudgetPolicyFields,
  { settings }: BudgetChange,
): Promise<Outcome> {
  const outcome = noOutcome()
  const rows = await tx.budgetAttachment.findMany({ where: { policyId: before.id }, orderBy: { sloId: 'asc' } })
  for (const { sloId } of rows) {
    const attachment = await lockAttachment(tx, before.workspaceId, sloId)
    if (attachment?.policyId !== before.id) continue
    const terms = { ...standingTermsOf(before, attachment.objective), steps: after.steps }
    const former = standingTermsOf(before, attachment.objective)
    join(outcome, await withdraw(tx, attachment, { terms, former, settings }))
  }
  return outcome
}

/** Makes exactly these SLOs follow the policy. One that follows another policy is a `conflict`. */
async function followedBy(
  tx: Database,
  workspaceId: string,
  { id: policyId, slos }: { id: string; slos: { id: string; objective: number | null }[] },
  change: BudgetChange,
): Promise<Outcome> {
  const outcome = noOutcome()
  const rows = await tx.budgetAttachment.findMany({
    where: { OR: [{ policyId }, { workspaceId, sloId: { in: slos.map(({ id }) => id) } }] },
    include: { policy: { select: { name: true } }, slo: { select: { name: true } } },
    orderBy: { sloId: 'asc' },
  })
  for (const { sloId, slo, policy } of rows.filter((row) => row.policyId !== policyId)) {
    const path = `body/slos/${slos.findIndex(({ id }) => id === sloId)}/id`
    const message = `the SLO "${slo.name}" follows the policy "${policy.name}"`
    throw new NinesError('conflict', `${path}: ${message}`, { issues: [{ path, message }] })
  }
  for (const { sloId } of rows)
    if (!slos.some(({ id }) => id === sloId)) join(outcome, await detachSlo(tx, workspaceId, sloId, change))
  for (const { id: sloId, objective } of slos.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    join(outcome, await attachSlo(tx, workspaceId, { sloId, policyId, objective }, change))
  return outcome
}

function join(outcome: Outcome, more: Outcome): void {
  outcome.followUps.push(...more.followUps)
  outcome.changes.push(...more.changes)
}

/** The fields of a policy, its steps from the highest threshold down. */
function sorted({ name, description, steps, margin, onUnknown }: BudgetPolicyInput): BudgetPolicyFields {
  const down = steps.toSorted((a, b) => b.budgetLeftBelow - a.budgetLeftBelow)
  return { name, description, steps: down, margin, onUnknown }
}

function fieldsOf(row: BudgetPolicy) {
  const { steps, margin, onUnknown } = standingTermsOf(row, 0)
  return { name: row.name, description: row.description, steps: [...steps], margin, onUnknown }
}

function toStored(row: PolicyRow): StoredBudgetPolicy {
  return {
    id: row.id,
    ...fieldsOf(row),
    followers: row.attachments.map((attachment) => ({
      id: attachment.sloId,
      name: attachment.slo.name,
      serviceName: attachment.slo.service.name,
      version: attachment.slo.currentVersion,
      objective: attachment.objective,
      machine: budgetMachineOf(attachment),
      terms: standingTermsOf(row, attachment.objective),
    })),
    createdAt: instantOf(row.createdAt),
    createdBy: row.createdByName,
    updatedAt: instantOf(row.updatedAt),
    updatedBy: row.updatedByName,
  }
}

async function refuseTaken(db: Database, workspaceId: string, name: string, except?: string): Promise<void> {
  const row = await db.budgetPolicy.findUnique({ where: { workspaceId_name: { workspaceId, name } } })
  if (row === null || row.id === except) return
  const message = nameTaken(name)
  throw new NinesError('conflict', message, { issues: [{ path: 'body/name', message }] })
}

/** Why a policy cannot go: every SLO that follows it by name. */
export function followedText(slos: readonly string[]): string {
  const names = slos.map((slo) => `"${slo}"`).join(', ')
  return slos.length === 1 ? `the SLO ${names} follows this policy` : `the SLOs ${names} follow this policy`
}

const nameOf = (actor: Actor) => actor.name ?? 'unnamed'
const noSuchPolicy = () => new NinesError('not_found', 'there is no such budget policy')
const nameTaken = (name: string) => `there is a budget policy named "${name}" already`
