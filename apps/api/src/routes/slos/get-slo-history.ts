import { getSloHistory as route } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { alertsFiringBetween, getSlo } from '@nines/records'
import { DAY_MS, historyPoints, MINUTE_MS, windowSpan } from '@nines/slo'
import { readSlices } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'

/** A chart of the longest span has about this many points. */
const MOST_POINTS = 360
const LONGEST_MS = 400 * DAY_MS
/** Minutes are written half a minute after their end; the chart stops where it would show them empty. */
const SETTLING_MS = 35_000

export const getSloHistory = handle(route, async ({ workspace, params, query }, { prisma, telemetry }) => {
  const { version, target, window, id } = await getSlo(prisma, workspace.id, params.id)
  const to = Math.min(Date.parse(query.to), Date.now() - SETTLING_MS)
  const from = Date.parse(query.from)
  if (!(from < to) || to - from > LONGEST_MS) {
    const message = 'must be earlier than `to` and than now, by at most 400 days'
    throw new NinesError('invalid', `query/from: ${message}`, { issues: [{ path: 'query/from', message }] })
  }
  const stepSeconds = 60 * Math.ceil((to - from) / MINUTE_MS / MOST_POINTS)
  const slices = await readSlices(telemetry, {
    workspace: workspace.number,
    sloId: id,
    version,
    from: windowSpan(window, from).from,
    to,
  })
  return {
    stepSeconds,
    points: historyPoints(slices, { from, to, stepSeconds, target, window }),
    alerts: await alertsFiringBetween(prisma, workspace.id, id, { from, to }),
  }
})
