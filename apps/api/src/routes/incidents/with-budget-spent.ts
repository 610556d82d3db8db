import type { IncidentBudget } from '@nines/contracts'
import { messageOf } from '@nines/kernel'
import { incidentBudgets } from '@nines/ledger'
import type { StoredIncident } from '@nines/records'
import { DAY_MS } from '@nines/slo'
import type { ApiContext } from '../../context.ts'

/** Incidents that began earlier are listed without the figure: their slices are read when one is opened. */
const LISTED_BACK_MS = 90 * DAY_MS

interface Budgeted {
  /** Of the first objective, of several SLOs the worst; null without events. */
  budgetSpent: number | null
  budgets: IncidentBudget[]
}

/**
 * Adds to incidents what they spent of the budgets of their SLOs, as their ledgers say: of one all of them, of several those
 * of first objectives, for further ones may reach back a year. Nothing while the telemetry store
 * is away, which is no reason to hide an incident.
 */
export async function withBudgetSpent<T extends StoredIncident>(
  { prisma, telemetry, logger }: ApiContext,
  workspaceNumber: number,
  incidents: T[],
): Promise<(Omit<T, 'impacts' | 'impactAt' | 'workspaceId'> & Budgeted)[]> {
  const now = Date.now()
  const single = incidents.length === 1
  const wanted = incidents.filter((incident) => single || incident.impactAt >= now - LISTED_BACK_MS)
  const asked = wanted.map((incident) => ({
    id: incident.id,
    resolvedAt: incident.resolvedAt === null ? null : Date.parse(incident.resolvedAt),
    startedAt: incident.impactAt,
    slos: incident.impacts.map(({ sloId: id, sloName: name, furtherObjectives, ...terms }) => ({
      id,
      name,
      workspaceId: incident.workspaceId,
      workspaceNumber,
      serviceId: incident.service.id,
      ...terms,
      furtherObjectives: single ? furtherObjectives : [],
    })),
  }))
  const known = await incidentBudgets({ prisma, telemetry }, asked, now).catch((error: unknown) => {
    logger.warn({ reason: messageOf(error) }, 'the budget that incidents spent is unknown')
    return new Map<string, IncidentBudget[]>()
  })
  return incidents.map(({ impacts: _impacts, impactAt: _impactAt, workspaceId: _workspaceId, ...incident }) => {
    const budgets = known.get(incident.id) ?? []
    const shares = budgets.flatMap(({ objective, share }) => (objective > 0 || share === null ? [] : [share]))
    return { ...incident, budgets, budgetSpent: shares.length === 0 ? null : Math.max(...shares) }
  })
}
