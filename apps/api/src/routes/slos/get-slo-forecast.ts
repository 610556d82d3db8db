import { getSloForecast as route } from '@nines/contracts'
import { loadSloMinutes } from '@nines/ledger'
import { getSlo } from '@nines/records'
import { DAY_MS, forecastBudget, minuteOf, windowSpan } from '@nines/slo'
import { handle } from '../../http/handle.ts'

/** Futures are made of the last two weeks, whatever the window. */
const RECENT_MS = 15 * DAY_MS
/** Minutes are written half a minute after their end. */
const SETTLING_MS = 35_000

export const getSloForecast = handle(route, async ({ workspace, params }, { prisma, telemetry }) => {
  const { id, version, sli, target, window, service } = await getSlo(prisma, workspace.id, params.id)
  const to = minuteOf(Date.now() - SETTLING_MS)
  const windowStart = windowSpan(window, to).from
  const from = Math.min(windowStart, to - RECENT_MS)
  const owner = { workspaceId: workspace.id, workspaceNumber: workspace.number, serviceId: service.id }
  const { additive } = await loadSloMinutes({ prisma, telemetry }, { id, version, sli, ...owner }, { from, to })
  // Futures are made of hours that add up; a composite's do as far as the shares of its members in events stay as they are.
  const minutes = additive({ from: minuteOf(windowStart), to })
  // Within a minute everybody gets the same answer.
  return { forecast: forecastBudget(minutes, { target, window }, to, to / 60_000) }
})
