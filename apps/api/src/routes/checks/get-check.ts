import { getCheck as route } from '@nines/contracts'
import { checkCadence, getCheck as findCheck } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { withRunsOfOne } from './with-runs.ts'

export const getCheck = handle(route, async ({ workspace, params }, { prisma, telemetry }) => {
  const check = await findCheck(prisma, workspace.id, params.id)
  const [withRuns, cadence] = await Promise.all([
    withRunsOfOne(telemetry, workspace.number, check),
    checkCadence(prisma, workspace.id, check.id),
  ])
  const intervals = cadence.map(({ from, ...step }) => ({ from: new Date(from).toISOString(), ...step })).toReversed()
  return { ...withRuns, intervals }
})
