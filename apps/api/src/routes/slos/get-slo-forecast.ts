import { getSloForecast as route } from '@nines/contracts'
import { readCorrected } from '@nines/ledger'
import { getSlo } from '@nines/records'
import { DAY_MS, forecastBudget, minuteOf, minutesOfSlices, windowSpan } from '@nines/slo'
import { handle } from '../../http/handle.ts'

/** Futures are made of the last two weeks, whatever the window. */
const RECENT_MS = 15 * DAY_MS
/** Minutes are written half a minute after their end. */
const SETTLING_MS = 35_000

export const getSloForecast = handle(route, async ({ workspace, params }, { prisma, telemetry }) => {
  const { id, version, sli, target, window, service } = await getSlo(prisma, workspace.id, params.id)
  const to = minuteOf(Date.now() - SETTLING_MS)
  const from = Math.min(windowSpan(window, to).from, to - RECENT_MS)
  const owner = { workspaceId: workspace.id, workspaceNumber: workspace.number, serviceId: service.id }
  const { slices } = await readCorrected({ prisma, telemetry }, { id, version, ...owner }, { from, to })
  // Within a minute everybody gets the same answer.
  return { forecast: forecastBudget(minutesOfSlices(slices, sli, to), { target, window }, to, to / 60_000) }
})
