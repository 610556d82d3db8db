import type { Actor } from '@nines/incidents'
import { NinesError } from '@nines/kernel'
import { withdrawSteps, type BudgetMachine, type StandingTerms } from '@nines/slo'
import { recordCrossings } from './budget-crossings.ts'
import { noteBudgetChange } from './budget-policy-changes.ts'
import {
  budgetColumnsOf,
  budgetMachineOf,
  lockAttachment,
  standingTermsOf,
  type AttachmentContext,
} from './budget-rows.ts'
import type { Database } from './client.ts'
import { noOutcome, type MessageSettings, type Outcome } from './follow-ups.ts'
import type { PrismaClient } from './generated/client.ts'
import { databaseNow, lockedTransaction } from './locked-transaction.ts'
import { objectivesOf } from './slo-objectives.ts'

/** Who changes what SLOs follow, and what messages about it need. */
export interface BudgetChange {
  actor: Actor
  settings: MessageSettings
}

/** Which policy an SLO follows, and which of its objectives that watches; null: each by itself. */
export interface AttachmentInput {
  sloId: string
  policyId: string
  objective: number | null
}

/** What the evaluator needs to know of an SLO that follows a policy. */
export interface BudgetWatch {
  sloId: string
  workspaceId: string
  terms: StandingTerms
  /** Its steps as they are on record. */
  machine: BudgetMachine
}

/** Every SLO of every workspace that follows a policy and is not archived. */
export async function loadBudgetWatches(db: Database): Promise<BudgetWatch[]> {
  const rows = await db.budgetAttachment.findMany({ where: { slo: { archivedAt: null } }, include: { policy: true } })
  return rows.map((row) => ({
    sloId: row.sloId,
    workspaceId: row.workspaceId,
    terms: standingTermsOf(row.policy, row.objective),
    machine: budgetMachineOf(row),
  }))
}

/** Lets an SLO follow a policy, another one or (null) none. Unknown or foreign ones are refused by their path in the body. */
export async function setSloBudgetPolicy(
  prisma: PrismaClient,
  workspaceId: string,
  sloId: string,
  input: { policyId: string | null; objective: number | null },
  change: BudgetChange,
): Promise<Outcome> {
  return lockedTransaction(prisma, async (tx) => {
    const slo = await tx.slo.findFirst({ where: { id: sloId, workspaceId, archivedAt: null } })
    if (slo === null) throw new NinesError('not_found', 'there is no such SLO')
    const { policyId, objective } = input
    if (policyId === null) return detachSlo(tx, workspaceId, sloId, change)
    await tx.$queryRaw`select id from "BudgetPolicy" where id = ${policyId} for key share`
    const known = await tx.budgetPolicy.count({ where: { id: policyId, workspaceId, deletedAt: null } })
    if (known === 0) refuse('body/policyId', 'there is no such budget policy')
    await requireObjective(tx, { sloId, objective }, 'body/objective')
    return attachSlo(tx, workspaceId, { sloId, policyId, objective }, change)
  })
}

/** Ties an SLO to a policy. Steps of another policy, or of objectives that are no longer watched, are left. */
export async function attachSlo(
  tx: Database,
  workspaceId: string,
  { sloId, policyId, objective }: AttachmentInput,
  change: BudgetChange,
): Promise<Outcome> {
  const before = await lockAttachment(tx, workspaceId, sloId)
  if (before?.policyId === policyId) return watchOther(tx, before, objective, change)
  const outcome = before ? await detach(tx, before, change) : noOutcome()
  const at = await databaseNow(tx)
  const by = { attachedAt: new Date(at), attachedByName: nameOf(change.actor) }
  // What was read before, and comes late, is not about this policy.
  await tx.budgetAttachment.create({ data: { sloId, workspaceId, policyId, objective, readAt: BigInt(at), ...by } })
  const fields = [{ field: 'objective', before: null, after: objective }]
  await noteBudgetChange(tx, { workspaceId, policyId, kind: 'attached', sloId, fields }, change.actor, at)
  return outcome
}

/** An SLO follows no policy any more: what was in force is left, and those who were told are told so. */
export async function detachSlo(
  tx: Database,
  workspaceId: string,
  sloId: string,
  change: BudgetChange,
): Promise<Outcome> {
  const before = await lockAttachment(tx, workspaceId, sloId)
  return before === null ? noOutcome() : detach(tx, before, change)
}

/** Ends the steps that are in force and that `terms` do not hold any more, with what they did as `former` said. */
export async function withdraw(
  tx: Database,
  attachment: AttachmentContext,
  { terms, former, settings }: { terms: StandingTerms | null; former: StandingTerms; settings: MessageSettings },
): Promise<Outcome> {
  const before = budgetMachineOf(attachment)
  // Evaluators go by another clock: what ends after it began shall say so.
  const now = Math.max(await databaseNow(tx), before.at)
  const { machine, crossings } = withdrawSteps(before, terms, now)
  if (crossings.length === 0) return noOutcome()
  await tx.budgetAttachment.update({ where: { sloId: attachment.sloId }, data: budgetColumnsOf(machine) })
  const { slo } = attachment
  const told = { attachment, steps: former.steps, crossings, sloVersion: slo.currentVersion, now, settings }
  return recordCrossings(tx, { ...told, objectives: new Map() })
}

/** Throws `invalid` where the SLO's current version has no objective at that place. */
export async function requireObjective(
  tx: Database,
  { sloId, objective }: { sloId: string; objective: number | null },
  path: string,
): Promise<void> {
  const [version] = await tx.sloVersion.findMany({ where: { sloId }, orderBy: { version: 'desc' }, take: 1 })
  const count = version === undefined ? 0 : 1 + objectivesOf(version).furtherObjectives.length
  if (objective === null || objective < count) return
  refuse(path, count === 1 ? 'the SLO has one objective, 0' : `the SLO has ${count} objectives, from 0`)
}

async function detach(tx: Database, attachment: AttachmentContext, change: BudgetChange): Promise<Outcome> {
  const { workspaceId, sloId, policyId, policy, objective } = attachment
  const former = standingTermsOf(policy, objective)
  const outcome = await withdraw(tx, attachment, { terms: null, former, settings: change.settings })
  await tx.budgetAttachment.delete({ where: { sloId } })
  const at = await databaseNow(tx)
  await noteBudgetChange(tx, { workspaceId, policyId, kind: 'detached', sloId, fields: [] }, change.actor, at)
  return outcome
}

async function watchOther(
  tx: Database,
  attachment: AttachmentContext,
  objective: number | null,
  { actor, settings }: BudgetChange,
): Promise<Outcome> {
  const { workspaceId, sloId, policyId, policy } = attachment
  if (attachment.objective === objective) return noOutcome()
  const terms = standingTermsOf(policy, objective)
  const outcome = await withdraw(tx, attachment, { terms, former: terms, settings })
  await tx.budgetAttachment.update({ where: { sloId }, data: { objective } })
  const fields = [{ field: 'objective', before: attachment.objective, after: objective }]
  const at = await databaseNow(tx)
  await noteBudgetChange(tx, { workspaceId, policyId, kind: 'attached', sloId, fields }, actor, at)
  return outcome
}

const nameOf = (actor: Actor) => actor.name ?? 'unnamed'

function refuse(path: string, message: string): never {
  throw new NinesError('invalid', `${path}: ${message}`, { issues: [{ path, message }] })
}
