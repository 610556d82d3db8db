import { getSloGate as route } from '@nines/contracts'
import { readSloStatus } from '@nines/pipeline'
import { getSlo, listGateExceptions } from '@nines/records'
import { decideGate } from '@nines/slo'
import { handle } from '../../../http/handle.ts'

export const getSloGate = handle(route, async ({ workspace, params, query }, context) => {
  const { prisma, redis, redisPrefix, secretKey } = context
  const { id: sloId, version } = await getSlo(prisma, workspace.id, params.id)
  const now = new Date()
  const told = await readSloStatus(redis, redisPrefix, workspace.id, sloId)
  const status = told?.version === version ? told : null
  const exceptions = await listGateExceptions(prisma, workspace.id, sloId, { now, secretKey })
  const exception = exceptions.find(({ active }) => active) ?? null
  const { minimum } = query
  const decision = decideGate(status, { minimum, hasException: exception !== null, now: now.getTime() })
  const isUsed = decision.reasons.some(({ code }) => code === 'exception')
  const budgetRemaining = status?.budgetRemaining ?? null
  return {
    sloId,
    version,
    at: status?.at ?? null,
    budgetRemaining,
    minimum,
    ...decision,
    exception: isUsed ? exception : null,
  }
})
