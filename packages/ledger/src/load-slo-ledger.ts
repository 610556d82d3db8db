import type { LedgerCauseDto, Objective, SliSpec, SloLedger } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
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
import { loadSloMinutes, type SloMinutes, type SloOfMinutes } from './load-slo-minutes.ts'
import type { CorrectedSlices } from './read-corrected.ts'
import { changeSpans, incidentSpans, type ChangeSpan, type IncidentSpan } from './slo-causes.ts'

/** One version of an SLO, and the objective whose budget is accounted for. */
export interface LedgerSlo extends SloOfMinutes, Objective {}

/** Burns that began this long before the ledger keep their cause. */
const BURN_BACK_MS = DAY_MS

/** A ledger, of which objective its asker knows. */
export type ObjectiveLedger = Omit<SloLedger, 'objective'>

/**
 * The ledger of the whole minutes in [from, to), epoch ms, out of the budget of the window at `to`: of a ledger of one
 * whole window the sum is what the window has spent.
 */
export async function loadSloLedger(stores: LedgerStores, slo: LedgerSlo, range: Span): Promise<ObjectiveLedger> {
  const [only] = await loadSloLedgers(stores, slo, [slo], range)
  if (!only) throw new NinesError('internal', 'a ledger of an objective was asked for')
  return only
}

/** The same of several objectives of an SLO, whose minutes are read once. */
export async function loadSloLedgers(
  stores: LedgerStores,
  slo: SloOfMinutes,
  objectives: readonly Objective[],
  range: Span,
): Promise<ObjectiveLedger[]> {
  const [from, to] = [minuteOf(range.from), minuteOf(range.to)]
  const windowStarts = objectives.map(({ window }) => minuteOf(windowUpTo(window, to).from))
  const loaded = await loadSloMinutes(stores, slo, {
    from: Math.min(minuteOf(from - BURN_BACK_MS), ...windowStarts),
    to,
  })
  const ledgers: ObjectiveLedger[] = []
  for (const { target, window } of objectives)
    ledgers.push(await ledgerOf(stores, { ...slo, target, window }, loaded, { from, to }))
  return ledgers
}

async function ledgerOf(
  stores: LedgerStores,
  slo: LedgerSlo,
  loaded: SloMinutes,
  { from, to }: Span,
): Promise<ObjectiveLedger> {
  const { version, target, window } = slo
  const { maintenance } = loaded
  const minutes = loaded.additive({ from: minuteOf(windowUpTo(window, to).from), to })
  const span = { from: from - BURN_BACK_MS, to }
  const [incidents, changes] = await causesBelow(loaded.composite, slo, (one) =>
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
    corrected: keptOutOf(slo.sli, loaded, minutes, { from, to }),
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
  if (kept.minutes === 0 || !isTimeSlices(sli)) return kept
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
