import type { IncidentBudget } from '@nines/contracts'
import { budgetLedger, DAY_MS, MINUTE_MS, minuteOf, windowBudgetAt, windowSpan, type MinuteSeries } from '@nines/slo'
import { budgetShareOf } from './budget-share.ts'
import type { LedgerStores } from './ledger-stores.ts'
import type { LedgerSlo } from './load-slo-ledger.ts'
import { loadSloMinutes } from './load-slo-minutes.ts'
import { incidentSpans } from './slo-causes.ts'

/** An incident whose cost is asked for. */
export interface IncidentOfBudget {
  id: string
  /** Epoch ms; null while it is not resolved. */
  resolvedAt: number | null
  /** The first known sign of it, epoch ms. */
  startedAt: number
  /** The SLOs of its alerts. */
  slos: readonly (LedgerSlo & { name: string })[]
}

/** Impacts begin at most this long before the first known sign. */
const IMPACT_BACK_MS = DAY_MS

/**
 * What each incident spent of the budgets of its SLOs, by incident id, as their ledgers say: out of the window that ends
 * with the incident, or at `now` while it goes on. An SLO without events in that window is left out.
 */
export async function incidentBudgets(
  stores: LedgerStores,
  incidents: readonly IncidentOfBudget[],
  now: number,
): Promise<Map<string, IncidentBudget[]>> {
  const budgets = new Map<string, IncidentBudget[]>(incidents.map(({ id }) => [id, []]))
  const slos = new Map(incidents.flatMap((incident) => incident.slos.map((slo) => [slo.id, slo] as const)))
  for (const slo of slos.values()) {
    const concerned = incidents.filter((incident) => incident.slos.some(({ id }) => id === slo.id))
    const { minutes, units } = await spentOf(stores, slo, concerned, now)
    for (const incident of concerned) {
      const budget = budgetOf(minutes, slo, units.get(incident.id) ?? 0, incident.resolvedAt ?? now)
      if (budget) budgets.get(incident.id)?.push(budget)
    }
  }
  return budgets
}

/** The minutes of the SLO as far as the incidents need them, and the units of every incident by id. */
async function spentOf(
  stores: LedgerStores,
  slo: LedgerSlo,
  incidents: readonly IncidentOfBudget[],
  now: number,
): Promise<{ minutes: MinuteSeries; units: Map<string, number> }> {
  const { target, window } = slo
  const from = Math.min(...incidents.map((incident) => incident.startedAt)) - IMPACT_BACK_MS
  const to = minuteOf(Math.max(...incidents.map((incident) => incident.resolvedAt ?? now))) + MINUTE_MS
  const firstEnd = Math.min(...incidents.map((incident) => incident.resolvedAt ?? now))
  const range = { from: minuteOf(Math.min(from, windowSpan(window, firstEnd).from)), to }
  const { additive, maintenance } = await loadSloMinutes(stores, slo, { ...range, to: Math.min(to, now) })
  const minutes = additive(range)
  const spans = await incidentSpans(stores.prisma, slo, minutes, { from, to })
  const { entries } = budgetLedger(minutes, { from, to, target, incidents: spans, maintenance, changes: [] })
  return { minutes, units: new Map(entries.map((entry) => [entry.id ?? '', entry.units])) }
}

function budgetOf(
  minutes: MinuteSeries,
  slo: IncidentOfBudget['slos'][number],
  units: number,
  end: number,
): IncidentBudget | null {
  const budget = windowBudgetAt(minutes, slo, minuteOf(end) + MINUTE_MS)
  if (budget.events === null) return null
  const { id: sloId, name: sloName, target, window } = slo
  return { sloId, sloName, target, window, ...budgetShareOf(units, budget) }
}
