import { getSloLedger as route, type Objective, type SloDetail } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { loadSloLedger } from '@nines/ledger'
import { getSlo } from '@nines/records'
import { DAY_MS, minuteOf, windowUpTo } from '@nines/slo'
import { handle } from '../../http/handle.ts'

const LONGEST_MS = 400 * DAY_MS

export const getSloLedger = handle(route, async ({ workspace, params, query }, { prisma, telemetry }) => {
  const found = await getSlo(prisma, workspace.id, params.id)
  const { id, version, sli, service } = found
  const { objective } = query
  const { target, window } = objectiveOf(found, objective)
  const now = Date.now()
  const to = minuteOf(query.to === undefined ? now : Math.min(Date.parse(query.to), now))
  const from = query.from === undefined ? windowUpTo(window, to).from : Date.parse(query.from)
  if (!(from < to) || to - from > LONGEST_MS) {
    const message = 'must be earlier than `to` and than now, by at most 400 days'
    throw new NinesError('invalid', `query/from: ${message}`, { issues: [{ path: 'query/from', message }] })
  }
  const slo = { id, version, sli, target, window, serviceId: service.id }
  const owner = { workspaceId: workspace.id, workspaceNumber: workspace.number }
  return { objective, ...(await loadSloLedger({ prisma, telemetry }, { ...slo, ...owner }, { from, to })) }
})

function objectiveOf({ target, window, furtherObjectives }: Omit<SloDetail, 'status'>, wanted: number): Objective {
  const objectives = [{ target, window }, ...furtherObjectives]
  const found = objectives[wanted]
  if (found !== undefined) return found
  const message = `this SLO has ${objectives.length === 1 ? 'one objective: 0' : `the objectives 0 to ${objectives.length - 1}`}`
  throw new NinesError('invalid', `query/objective: ${message}`, { issues: [{ path: 'query/objective', message }] })
}
