import { messageOf } from '@nines/kernel'
import type { IncidentImpact, StoredIncident } from '@nines/records'
import { budgetEventsAt, DAY_MS, minuteOf, minutesOfSlices, windowSpan, type MinuteSeries } from '@nines/slo'
import { readSlices } from '@nines/telemetry'
import type { ApiContext } from '../../context.ts'

/** Incidents that began earlier are listed without the figure: their slices are read when one is opened. */
const LISTED_BACK_MS = 90 * DAY_MS

/**
 * Adds to incidents the share of the whole error budget that was spent from the start of their impact to their end (or
 * now): bad events of the impact over those that the budget of the SLO's window allows as it stands then. Of several SLOs
 * the worst; null without events, or while the telemetry store is away, which is no reason to hide an incident.
 */
export async function withBudgetSpent<T extends StoredIncident>(
  { telemetry, logger }: ApiContext,
  workspaceNumber: number,
  incidents: T[],
): Promise<(Omit<T, 'impacts' | 'impactAt'> & { budgetSpent: number | null })[]> {
  const now = Date.now()
  const single = incidents.length === 1
  const wanted = incidents.filter((incident) => single || incident.impactAt >= now - LISTED_BACK_MS)
  const minutes = new Map<string, MinuteSeries>()
  try {
    for (const [key, { impact, from }] of spansOf(wanted)) {
      const { sloId, version } = impact
      const slices = await readSlices(telemetry, { workspace: workspaceNumber, sloId, version, from, to: now })
      minutes.set(key, minutesOfSlices(slices))
    }
  } catch (error) {
    logger.warn({ reason: messageOf(error) }, 'the budget that incidents spent is unknown')
  }
  return incidents.map(({ impacts, impactAt, ...incident }) => {
    const end = incident.resolvedAt === null ? now : Date.parse(incident.resolvedAt)
    const shares = impacts.map((impact) => shareSpent(minutes.get(keyOf(impact)), impact, impactAt, end))
    const known = shares.filter((share) => share !== null)
    return { ...incident, budgetSpent: known.length === 0 ? null : Math.max(...known) }
  })
}

const keyOf = (impact: IncidentImpact) => `${impact.sloId} ${impact.version}`

/** Each SLO once, with how far back its slices are needed (epoch ms). */
function spansOf(incidents: StoredIncident[]): Map<string, { impact: IncidentImpact; from: number }> {
  const spans = new Map<string, { impact: IncidentImpact; from: number }>()
  for (const incident of incidents) {
    for (const impact of incident.impacts) {
      const from = windowSpan(impact.window, incident.impactAt).from
      const known = spans.get(keyOf(impact))
      spans.set(keyOf(impact), { impact, from: Math.min(from, known?.from ?? from) })
    }
  }
  return spans
}

function shareSpent(
  minutes: MinuteSeries | undefined,
  objective: IncidentImpact,
  impactAt: number,
  end: number,
): number | null {
  if (minutes === undefined) return null
  const budget = budgetEventsAt(minutes, objective, end)
  if (budget === null) return null
  const during = minutes.sum(minuteOf(impactAt), minuteOf(end))
  return (during.total - during.good) / budget
}
