import { escalationTarget, type EscalationStepSpec, type EscalationTarget, type PolicyDto } from '@nines/contracts'
import { newId, NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import { refuseDuplicate } from './constraint-errors.ts'
import type { EscalationPolicy, EscalationStep, PrismaClient } from './generated/client.ts'
import { instantOf } from './instants.ts'
import { requireReferences, type Reference } from './workspace-references.ts'

export interface PolicyInput {
  name: string
  repeatCount: number
  steps: EscalationStepSpec[]
}

const withSteps = { steps: { orderBy: { position: 'asc' } } } as const

/** Escalation policies of a workspace by name. */
export async function listPolicies(db: Database, workspaceId: string): Promise<PolicyDto[]> {
  const rows = await db.escalationPolicy.findMany({
    where: { workspaceId },
    include: withSteps,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  })
  return rows.map(toPolicyDto)
}

export async function createPolicy(db: Database, workspaceId: string, input: PolicyInput): Promise<PolicyDto> {
  await requireReferences(db, workspaceId, referencesOf(input.steps))
  const create = db.escalationPolicy.create({
    data: {
      id: newId('pol'),
      workspaceId,
      name: input.name,
      repeatCount: input.repeatCount,
      steps: { create: input.steps.map(toStepRow) },
    },
    include: withSteps,
  })
  return toPolicyDto(await refuseDuplicate(create, 'body/name', nameTaken(input.name)))
}

/** Changes a policy and replaces its steps. Escalations under way walk their own snapshot and notice nothing. */
export async function updatePolicy(
  prisma: PrismaClient,
  workspaceId: string,
  id: string,
  input: PolicyInput,
): Promise<PolicyDto> {
  await requirePolicy(prisma, workspaceId, id)
  await requireReferences(prisma, workspaceId, referencesOf(input.steps))
  const update = prisma.$transaction(async (tx) => {
    await tx.$queryRaw`select id from "EscalationPolicy" where id = ${id} for update`
    await tx.escalationStep.deleteMany({ where: { policyId: id } })
    return tx.escalationPolicy.update({
      where: { id },
      data: { name: input.name, repeatCount: input.repeatCount, steps: { create: input.steps.map(toStepRow) } },
      include: withSteps,
    })
  })
  return toPolicyDto(await refuseDuplicate(update, 'body/name', nameTaken(input.name)))
}

/** Deletes a policy that neither a service nor a rule uses. */
export async function deletePolicy(db: Database, workspaceId: string, id: string): Promise<void> {
  await requirePolicy(db, workspaceId, id)
  const service = await db.service.findFirst({ where: { workspaceId, escalationPolicyId: id } })
  if (service !== null) throw new NinesError('conflict', `the service "${service.name}" uses this policy`)
  const rule = await db.alertRule.findFirst({ where: { workspaceId, escalationPolicyId: id }, include: { slo: true } })
  if (rule !== null)
    throw new NinesError('conflict', `the rule "${rule.name}" of the SLO "${rule.slo.name}" uses this policy`)
  await db.escalationPolicy.delete({ where: { id } })
}

async function requirePolicy(db: Database, workspaceId: string, id: string): Promise<void> {
  if ((await db.escalationPolicy.count({ where: { id, workspaceId } })) === 0)
    throw new NinesError('not_found', 'there is no such escalation policy')
}

function referencesOf(steps: EscalationStepSpec[]): Reference[] {
  return steps.flatMap((step, stepIndex) =>
    step.targets.map((target, index) => referenceOf(target, `body/steps/${stepIndex}/targets/${index}`)),
  )
}

function referenceOf(target: EscalationTarget, path: string): Reference {
  if (target.kind === 'schedule') return { kind: 'schedule', id: target.scheduleId, path: `${path}/scheduleId` }
  if (target.kind === 'user') return { kind: 'member', id: target.userId, path: `${path}/userId` }
  return { kind: 'channel', id: target.channelId, path: `${path}/channelId` }
}

function toStepRow(step: EscalationStepSpec, position: number) {
  return { id: newId('stp'), position, delaySeconds: step.delaySeconds, targets: step.targets }
}

const nameTaken = (name: string) => `there is an escalation policy named "${name}" already`

function toPolicyDto(row: EscalationPolicy & { steps: EscalationStep[] }): PolicyDto {
  return {
    id: row.id,
    name: row.name,
    repeatCount: row.repeatCount,
    steps: row.steps.map((step) => ({
      delaySeconds: step.delaySeconds,
      targets: escalationTarget.array().parse(step.targets),
    })),
    createdAt: instantOf(row.createdAt),
  }
}
