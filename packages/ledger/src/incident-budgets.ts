import type { IncidentBudget, Objective } from '@nines/contracts'
import { incidentsOfSlo, type IncidentOfSlo } from '@nines/records'
import {
  budgetLedger,
  DAY_MS,
  MINUTE_MS,
  minuteOf,
  sliceMsOf,
  windowBudgetAt,
  windowSpan,
  type MinuteSeries,
  type Span,
} from '@nines/slo'
import { budgetShareOf } from './budget-share.ts'
import type { LedgerStores } from './ledger-stores.ts'
import type { LedgerSlo } from './load-slo-ledger.ts'
import { loadSloMinutes } from './load-slo-minutes.ts'
import type { CorrectedSlices } from './read-corrected.ts'
import { IMPACT_LOOK_BACK_MS, spansOfIncidents } from './slo-causes.ts'

/** An incident whose cost is asked for. */
export interface IncidentOfBudget {
  id: string
  /** Epoch ms; null while it is not resolved. */
  resolvedAt: number | null
  /** The first known sign of it, epoch ms. */
  startedAt: number
  /** The SLOs of its alerts. */
  slos: readonly SloOfBudget[]
}

/** An SLO all of whose budgets are asked for: those of its first objective and of the further ones. */
export interface SloOfBudget extends LedgerSlo {
  name: string
  furtherObjectives: readonly Objective[]
}

/** Impacts begin at most this long before the first known sign. */
const IMPACT_BACK_MS = DAY_MS

/**
 * What each incident spent of the budgets of its SLOs, by incident id, as their ledgers say: out of the window that ends
 * with the incident, or at `now` while it goes on. A budget without events in its window is left out.
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
    const past = await pastOf(stores, slo, concerned, now)
    for (const [objective, terms] of objectivesOf(slo).entries()) {
      const units = unitsByIncident(slo, terms, past)
      for (const { id, resolvedAt } of concerned) {
        const budget = windowBudgetAt(past.minutes, terms, minuteOf(resolvedAt ?? now) + MINUTE_MS)
        if (budget.events === null) continue
        const share = budgetShareOf(units.get(id) ?? 0, budget)
        budgets.get(id)?.push({ sloId: slo.id, sloName: slo.name, objective, ...terms, ...share })
      }
    }
  }
  return budgets
}

const objectivesOf = ({ target, window, furtherObjectives }: SloOfBudget): Objective[] => [
  { target, window },
  ...furtherObjectives,
]

/** What is known of an SLO as far as its incidents and their windows reach. */
interface Past {
  minutes: MinuteSeries
  maintenance: CorrectedSlices['maintenance']
  incidents: IncidentOfSlo[]
  /** From before the first sign to behind the last end. */
  span: Span
}

async function pastOf(
  stores: LedgerStores,
  slo: SloOfBudget,
  incidents: readonly IncidentOfBudget[],
  now: number,
): Promise<Past> {
  const from = Math.min(...incidents.map((incident) => incident.startedAt)) - IMPACT_BACK_MS
  const to = minuteOf(Math.max(...incidents.map((incident) => incident.resolvedAt ?? now))) + MINUTE_MS
  const firstEnd = Math.min(...incidents.map((incident) => incident.resolvedAt ?? now))
  const starts = objectivesOf(slo).map(({ window }) => windowSpan(window, firstEnd).from)
  const range = { from: minuteOf(Math.min(from, ...starts)), to: Math.min(to, now) }
  const { additive, maintenance } = await loadSloMinutes(stores, slo, range)
  const around = { from, to: to + IMPACT_LOOK_BACK_MS }
  return {
    minutes: additive({ from: range.from, to }),
    maintenance,
    incidents: await incidentsOfSlo(stores.prisma, slo.workspaceId, slo.id, around),
    span: { from, to },
  }
}

/** By whose target the impact of an incident begins differs from objective to objective. */
function unitsByIncident(
  { sli }: SloOfBudget,
  { target }: Objective,
  { minutes, maintenance, incidents, span }: Past,
): Map<string, number> {
  const causes = { incidents: spansOfIncidents(incidents, minutes, target, span.to), maintenance, changes: [] }
  const { entries } = budgetLedger(minutes, { ...span, target, sliceMs: sliceMsOf(sli), ...causes })
  return new Map(entries.map((entry) => [entry.id ?? '', entry.units]))
}
