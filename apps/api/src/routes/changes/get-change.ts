import { getChange as route } from '@nines/contracts'
import { changeEffects } from '@nines/ledger'
import { changeWithSurroundings, listSlos } from '@nines/records'
import { handle } from '../../http/handle.ts'

/** Each costs the minutes of a window. */
const MOST_SLOS = 20

export const getChange = handle(route, async ({ workspace, params }, { prisma, telemetry }) => {
  const { change, serviceIds, incidents } = await changeWithSurroundings(prisma, workspace.id, params.id)
  const found = await Promise.all(serviceIds.map((serviceId) => listSlos(prisma, workspace.id, serviceId)))
  const owner = { workspaceId: workspace.id, workspaceNumber: workspace.number }
  const slos = found
    .flat()
    .slice(0, MOST_SLOS)
    .map(({ service, ...slo }) => ({ ...slo, ...owner, serviceId: service.id }))
  const { until, effects } = await changeEffects({ prisma, telemetry }, change, slos, Date.now())
  return { ...change, incidents, effects, effectsUntil: until }
})
