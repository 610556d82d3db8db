import { getSloHistory as route, type ChangeDto, type ChangeMark } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { loadSloMinutes } from '@nines/ledger'
import { alertsFiringBetween, changesOfService, getSlo } from '@nines/records'
import { DAY_MS, historyPointsOf, MINUTE_MS, minuteOf, windowSpan } from '@nines/slo'
import { handle } from '../../http/handle.ts'

/** A chart of the longest span has about this many points. */
const MOST_POINTS = 360
const LONGEST_MS = 400 * DAY_MS
/** Minutes are written half a minute after their end; the chart stops where it would show them empty. */
const SETTLING_MS = 35_000

export const getSloHistory = handle(route, async ({ workspace, params, query }, { prisma, telemetry }) => {
  const { version, sli, target, window, id, service } = await getSlo(prisma, workspace.id, params.id)
  const until = Math.min(Date.parse(query.to), Date.now() - SETTLING_MS)
  const asked = Date.parse(query.from)
  if (!(asked < until) || until - asked > LONGEST_MS) {
    const message = 'must be earlier than `to` and than now, by at most 400 days'
    throw new NinesError('invalid', `query/from: ${message}`, { issues: [{ path: 'query/from', message }] })
  }
  const stepSeconds = 60 * Math.ceil((until - asked) / MINUTE_MS / MOST_POINTS)
  // Steps are counted from the end: the newest point is of the newest minute, however young the SLO and long the step.
  const to = minuteOf(until)
  const from = to - Math.max(0, Math.floor((to - asked) / (stepSeconds * 1000))) * stepSeconds * 1000
  const slo = { id, version, sli, serviceId: service.id, workspaceId: workspace.id, workspaceNumber: workspace.number }
  const span = { from: windowSpan(window, from).from, to }
  const { counts, corrected } = await loadSloMinutes({ prisma, telemetry }, slo, span)
  return {
    stepSeconds,
    points: historyPointsOf(counts, { from, to, stepSeconds, target, window }),
    alerts: await alertsFiringBetween(prisma, workspace.id, id, { from, to }),
    changes: (await changesOfService(prisma, workspace.id, service.id, { from, to })).map(markOf),
    corrected: corrected.filter((one) => one.to > from),
  }
})

function markOf({ id, kind, title, version, environment, author, url, startedAt, endedAt }: ChangeDto): ChangeMark {
  const ended = endedAt === null ? null : Date.parse(endedAt)
  return { id, kind, title, version, environment, author, url, at: Date.parse(startedAt), endedAt: ended }
}
