import { getSloBackfill as route } from '@nines/contracts'
import { readSloBackfill, readSloStatus } from '@nines/pipeline'
import { getSlo } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const getSloBackfill = handle(route, async ({ workspace, params }, { prisma, redis, redisPrefix }) => {
  const { id: sloId, version } = await getSlo(prisma, workspace.id, params.id)
  const told = await readSloBackfill(redis, redisPrefix, workspace.id, sloId)
  if (told?.version === version) return told
  // The board is a cache. A version with a status has its history, whatever the board forgot.
  const status = await readSloStatus(redis, redisPrefix, workspace.id, sloId)
  const state = status?.version === version ? ('done' as const) : ('waiting' as const)
  const none = { from: 0, to: 0, minutesDone: 0, minutesAll: 0, startedAt: null, finishedAt: null, error: null }
  return { sloId, version, state, ...none }
})
