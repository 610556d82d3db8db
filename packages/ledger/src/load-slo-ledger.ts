import type { LedgerCauseDto, Objective, SliSpec, SloLedger } from '@nines/contracts'
import {
  budgetLedger,
  CHANGE_LOOK_BACK_MS,
  DAY_MS,
  keptOut,
  minuteOf,
  windowBudgetAt,
  windowSpan,
  type LedgerEntry,
} from '@nines/slo'
import { budgetShareOf } from './budget-share.ts'
import type { LedgerStores } from './ledger-stores.ts'
import { causesBelow } from './composite-causes.ts'
import { loadSloMinutes } from './load-slo-minutes.ts'
import type { CorrectableSlo, CorrectedSlices } from './read-corrected.ts'
import { changeSpans, incidentSpans, type ChangeSpan, type IncidentSpan } from './slo-causes.ts'

/** One version of an SLO whose budget is accounted for. */
export interface LedgerSlo extends CorrectableSlo, Objective {
  sli: SliSpec
}

/** Burns that began this long before the ledger keep their cause. */
const BURN_BACK_MS = DAY_MS

/**
 * The ledger of the whole minutes in [from, to), epoch ms, out of the budget of the window at `to`: of a ledger of one
 * whole window the sum is what the window has spent.
 */
export async function loadSloLedger(
  stores: LedgerStores,
  slo: LedgerSlo,
  range: { from: number; to: number },
): Promise<SloLedger> {
  const { version, target, window } = slo
  const [from, to] = [minuteOf(range.from), minuteOf(range.to)]
  const back = minuteOf(Math.min(from - BURN_BACK_MS, windowSpan(window, to - 1).from))
  const loaded = await loadSloMinutes(stores, slo, { from: back, to })
  const { measured, corrected, maintenance } = loaded
  const minutes = loaded.additive({ from: minuteOf(windowSpan(window, to - 1).from), to })
  const span = { from: from - BURN_BACK_MS, to }
  const [incidents, changes] = await causesBelow(loaded.composite, slo, (one) =>
    Promise.all([incidentSpans(stores.prisma, one, minutes, span), changeSpans(stores.prisma, one, span)]),
  )
  const causes = { incidents, changes, maintenance }
  const ledger = budgetLedger(minutes, { from, to, target, ...causes })
  const budget = windowBudgetAt(minutes, slo, to)
  return {
    from,
    to,
    version,
    target,
    window,
    spent: budgetShareOf(ledger.units, budget),
    budgetEvents: budget.events,
    corrected: keptOut(measured, corrected, { from, to }),
    changeLookBackSeconds: CHANGE_LOOK_BACK_MS / 1000,
    entries: ledger.entries.map((entry) => ({
      ...budgetShareOf(entry.units, budget),
      cause: causeOf(entry, causes),
      minutes: entry.minutes,
      first: entry.first,
      last: entry.last,
    })),
  }
}

interface Causes {
  incidents: IncidentSpan[]
  changes: ChangeSpan[]
  maintenance: CorrectedSlices['maintenance']
}

function causeOf({ kind, id }: LedgerEntry, causes: Causes): LedgerCauseDto {
  const incident = causes.incidents.find((cause) => kind === 'incident' && cause.id === id)?.incident
  if (incident) {
    const { number, title, severity, state } = incident
    return { kind: 'incident', id: incident.id, number, title, severity, state }
  }
  const change = causes.changes.find((cause) => kind === 'change' && cause.id === id)?.change
  if (change) {
    const { title, version, environment, url, startedAt } = change
    const at = Date.parse(startedAt)
    return { kind: 'change', id: change.id, changeKind: change.kind, title, version, environment, url, at }
  }
  const work = causes.maintenance.find((cause) => kind === 'maintenance' && cause.id === id)
  return work ? { kind: 'maintenance', id: work.id, title: work.reason } : { kind: 'unattributed' }
}
