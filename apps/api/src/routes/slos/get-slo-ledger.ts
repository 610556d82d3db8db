import { getSloLedger as route } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { loadSloLedger } from '@nines/ledger'
import { getSlo } from '@nines/records'
import { DAY_MS, windowSpan } from '@nines/slo'
import { handle } from '../../http/handle.ts'

const LONGEST_MS = 400 * DAY_MS

export const getSloLedger = handle(route, async ({ workspace, params, query }, { prisma, telemetry }) => {
  const { id, version, sli, target, window, service } = await getSlo(prisma, workspace.id, params.id)
  const now = Date.now()
  const to = query.to === undefined ? now : Math.min(Date.parse(query.to), now)
  const from = query.from === undefined ? windowSpan(window, to - 1).from : Date.parse(query.from)
  if (!(from < to) || to - from > LONGEST_MS) {
    const message = 'must be earlier than `to` and than now, by at most 400 days'
    throw new NinesError('invalid', `query/from: ${message}`, { issues: [{ path: 'query/from', message }] })
  }
  const slo = { id, version, sli, target, window, serviceId: service.id }
  const owner = { workspaceId: workspace.id, workspaceNumber: workspace.number }
  return loadSloLedger({ prisma, telemetry }, { ...slo, ...owner }, { from, to })
})
