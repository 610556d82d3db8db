import { isComposite, type LedgerCauseDto, type Objective, type SliSpec, type SloLedger } from '@nines/contracts'
import {
  budgetLedger,
  CHANGE_LOOK_BACK_MS,
  DAY_MS,
  isTimeSlices,
  keptOut,
  MINUTE_MS,
  minuteOf,
  minutesOfSlices,
  windowBudgetAt,
  sliceMsOf,
  windowUpTo,
  type LedgerEntry,
  type MinuteSeries,
  type Span,
} from '@nines/slo'
import { budgetShareOf } from './budget-share.ts'
import type { LedgerStores } from './ledger-stores.ts'
import { causesBelow } from './composite-causes.ts'
import { loadSloMinutes } from './load-slo-minutes.ts'
import type { CorrectableSlo, CorrectedSlices } from './read-corrected.ts'
import { changeSpans, incidentSpans, type ChangeSpan, type IncidentSpan } from './slo-causes.ts'

/** One version of an SLO, and the objective whose budget is accounted for. */
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
  range: Span,
): Promise<Omit<SloLedger, 'objective'>> {
  const { version, target, window } = slo
  const [from, to] = [minuteOf(range.from), minuteOf(range.to)]
  const back = minuteOf(Math.min(from - BURN_BACK_MS, windowUpTo(window, to).from))
  const read = await loadSloMinutes(stores, slo, { from: back, to })
  const { maintenance } = read
  const minutes = read.additive({ from: minuteOf(windowUpTo(window, to).from), to })
  const span = { from: from - BURN_BACK_MS, to }
  const [incidents, changes] = await causesBelow(read.composite, slo, (one) =>
    Promise.all([incidentSpans(stores.prisma, one, minutes, span), changeSpans(stores.prisma, one, span)]),
  )
  const causes = { incidents, changes, maintenance }
  const ledger = budgetLedger(minutes, { from, to, target, sliceMs: sliceMsOf(slo.sli), ...causes })
  const budget = windowBudgetAt(minutes, slo, to)
  return {
    from,
    to,
    version,
    target,
    window,
    spent: budgetShareOf(ledger.units, budget),
    budgetEvents: budget.events,
    corrected: keptOutOf(slo.sli, read, minutes, { from, to }),
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

/**
 * What corrections keep out, in the ledger's own unit: where slices of time count, the bad ones that there would be more. (Less
 * where the good minutes of a slice were left out: what is left of it may be bad.)
 */
function keptOutOf(
  sli: SliSpec,
  { measured, corrected }: Pick<CorrectedSlices, 'measured' | 'corrected'>,
  minutes: MinuteSeries,
  { from, to }: Span,
): SloLedger['corrected'] {
  const kept = keptOut(measured, corrected, { from, to })
  if (kept.minutes === 0 || isComposite(sli) || !isTimeSlices(sli)) return kept
  const badOf = (series: MinuteSeries) => {
    const { good, total } = series.sum(from, to - MINUTE_MS)
    return total - good
  }
  return { ...kept, badEvents: badOf(minutesOfSlices(measured, sli, to)) - badOf(minutes) }
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
