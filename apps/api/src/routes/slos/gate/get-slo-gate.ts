import { getSloGate as route, type SloGate, type SloStatus } from '@nines/contracts'
import { readSloStatus } from '@nines/pipeline'
import { findSloPolicy, getSlo, listGateExceptions, type SloPolicy } from '@nines/records'
import { budgetStanding, decideGate, freezeEnd, type GatePolicy } from '@nines/slo'
import { handle } from '../../../http/handle.ts'
import { readingOfStatus } from '../../budget-policies/current-readings.ts'

export const getSloGate = handle(route, async ({ workspace, params, query }, context) => {
  const { prisma, redis, redisPrefix, secretKey } = context
  const { id: sloId, version } = await getSlo(prisma, workspace.id, params.id)
  const now = new Date()
  const told = await readSloStatus(redis, redisPrefix, workspace.id, sloId)
  const status = told?.version === version ? told : null
  const followed = await findSloPolicy(prisma, workspace.id, sloId)
  const policy = followed && gatePolicy(followed, told ?? undefined, version, now.getTime())
  const exceptions = await listGateExceptions(prisma, workspace.id, sloId, { now, secretKey })
  const exception = exceptions.find(({ active }) => active) ?? null
  const minimum = query.minimum ?? (policy === null ? 0 : null)
  const decision = decideGate(status, { minimum, policy, hasException: exception !== null, now: now.getTime() })
  const isUsed = decision.reasons.some(({ code }) => code === 'exception')
  return {
    sloId,
    version,
    at: status?.at ?? null,
    budgetRemaining: policy === null ? (status?.budgetRemaining ?? null) : policy.standing.budgetRemaining,
    minimum,
    policy: followed && { id: followed.policy.id, name: followed.policy.name },
    frozenBy: policy === null ? [] : frozenBy(policy),
    ...decision,
    exception: isUsed ? exception : null,
  }
})

function gatePolicy(
  { policy, machine, terms }: SloPolicy,
  status: SloStatus | undefined,
  version: number,
  now: number,
): GatePolicy {
  const reading = readingOfStatus(status, version, now)
  return { name: policy.name, margin: policy.margin, standing: budgetStanding(machine, terms, reading), reading }
}

function frozenBy(policy: GatePolicy): SloGate['frozenBy'] {
  return policy.standing.frozenBy.map((step) => {
    const { clearsAbove, until } = freezeEnd(step, policy)
    return { ...step, clearsAbove, until: until === null ? null : new Date(until).toISOString() }
  })
}
