import { isDeepStrictEqual } from 'node:util'
import {
  isComposite,
  type CorrectedSpan,
  type Objective,
  type ReportedObjective,
  type ReportResult,
  type SliSpec,
} from '@nines/contracts'
import {
  budgetLedger,
  UNITS_PER_EVENT,
  type BudgetLedger,
  type LedgerCauseKind,
  type LedgerCauses,
} from '../budget-ledger.ts'
import { ALIKE } from '../composite/combine-windows.ts'
import { isTimeSlices, sliceMsOf } from '../time-slices.ts'
import type { Span } from '../window-span.ts'
import type { MinuteGrid } from './minute-grid.ts'
import { periodFigures, type PeriodFigures, type TargetedCounts } from './period-figures.ts'
import { minutesIn } from './report-period.ts'
import type { ReportVersion, VersionInForce } from './versions-in-force.ts'

/** An objective over a period, without its comparison and without the names of members. */
export type ObjectivePeriod = Omit<ReportedObjective, 'previous' | 'composite'>

/** What a report needs to know of an SLO besides its slices. */
export interface PeriodInput {
  /** As versionsInForce gives them for the elapsed part of the period. */
  inForce: readonly VersionInForce[]
  /** The minutes of a version, from some time before the period on. */
  minutesOf: (version: ReportVersion) => VersionMinutes
  /** As correctedSpans gives them. */
  corrected: readonly CorrectedSpan[]
  /** What may have spent the budget, given the minutes that were not all good; left out, everything is unattributed. */
  causesOf?: (bad: Pick<MinuteGrid, 'minutes'>, target: number) => LedgerCauses
}

/** The minutes of one version as they are stored, and as its SLI and the corrections have them count. */
export interface VersionMinutes {
  measured: MinuteGrid
  counted: MinuteGrid
}

/** Everything is unattributed. */
export const NO_CAUSES: LedgerCauses = { incidents: [], maintenance: [], changes: [] }
const SPEND_KINDS = ['incident', 'maintenance', 'change', 'unattributed'] as const
type Units = Record<LedgerCauseKind, number>

/** One version's part of a period. */
export interface PeriodPart extends Span {
  inForce: VersionInForce
  counts: { good: number; total: number }
  coverage: { measured: number; withEvents: number }
  keptOut: ReturnType<MinuteGrid['keptOut']>
  /** Time that counts: without what is excluded, measured or not. */
  seconds: number
  units: Units
}

/**
 * The objectives of an SLO over a period. Every minute counts by the version in force in it. Versions that follow each other with
 * the same indicator make one row for each of their objectives; a new indicator begins new rows, because its events are
 * others. An SLO without slices, whatever the reason, has undefined rows.
 */
export function sloPeriod(input: PeriodInput): ObjectivePeriod[] {
  const runs: PeriodPart[][] = []
  for (const inForce of input.inForce) {
    const run = runs.at(-1)
    const part = partOf(inForce, input)
    if (run && isDeepStrictEqual(run.at(-1)?.inForce.version.sli, inForce.version.sli)) run.push(part)
    else runs.push([part])
  }
  return runs.flatMap(rowsOf)
}

/** Missed when one objective was, met when all were, else undefined. */
export function resultOf(objectives: readonly { result: ReportResult }[]): ReportResult {
  if (objectives.some(({ result }) => result === 'missed')) return 'missed'
  return objectives.length > 0 && objectives.every(({ result }) => result === 'met') ? 'met' : 'undefined'
}

function partOf(inForce: VersionInForce, { minutesOf, corrected, causesOf }: PeriodInput): PeriodPart {
  const { from, to, version } = inForce
  const { measured, counted } = minutesOf(version)
  const causes = causesOf?.(counted, version.target) ?? NO_CAUSES
  const ledger = budgetLedger(counted, { from, to, target: version.target, sliceMs: sliceMsOf(version.sli), ...causes })
  const units = unitsOf(ledger)
  const counts = counted.sumOf({ from, to })
  // Hours that are known by their sums alone have no cause: their minutes would have been asked for.
  units.unattributed += Math.round((counts.total - counts.good) * UNITS_PER_EVENT) - ledger.units
  return {
    from,
    to,
    inForce,
    counts,
    coverage: measured.coverage({ from, to }),
    keptOut: measured.keptOut(corrected, { from, to }),
    seconds: (to - from - excludedMs(corrected, { from, to })) / 1000,
    units,
  }
}

/** What each class of causes spent. */
export function unitsOf({ entries }: BudgetLedger): Units {
  const units: Units = { incident: 0, maintenance: 0, change: 0, unattributed: 0 }
  for (const entry of entries) units[entry.kind] += entry.units
  return units
}

function excludedMs(corrected: readonly CorrectedSpan[], { from, to }: Span): number {
  return corrected
    .filter(({ effect }) => effect === 'exclude')
    .reduce((sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)), 0)
}

/** A row for each objective that a version of the run has, the first one in front. */
function rowsOf(run: readonly PeriodPart[]): ObjectivePeriod[] {
  const count = Math.max(...run.map(({ inForce }) => 1 + inForce.version.furtherObjectives.length))
  return Array.from({ length: count }, (_, place) => rowOf(run, place))
}

function objectivesOf({ inForce: { version } }: PeriodPart): Objective[] {
  const { target, window } = version
  return [{ target, window }, ...version.furtherObjectives]
}

/** The row of the objective at a place, from 0, of versions with one indicator, at least one of which has it. */
export function rowOf(run: readonly PeriodPart[], place: number): ObjectivePeriod {
  const parts = run.flatMap((part) => {
    const objective = objectivesOf(part)[place]
    return objective ? [{ ...part, objective }] : []
  })
  const newest = parts.at(-1) as PeriodPart & { objective: Objective }
  const { sli } = newest.inForce.version
  const add = (value: (part: PeriodPart) => number) => parts.reduce((sum, part) => sum + value(part), 0)
  const targeted = parts.map(({ counts, seconds, objective: { target } }): TargetedCounts => ({
    ...counts,
    target,
    seconds,
  }))
  const figures = periodFigures(targeted, { sliceMinutes: minutesOfEvent(sli), alike: isComposite(sli) ? ALIKE : 0 })
  const units = wholeUnits(
    figures,
    SPEND_KINDS.map((kind) => add((part) => part.units[kind])),
  )
  const minutes = add(minutesIn)
  const measured = add(({ coverage }) => coverage.measured)
  return {
    objective: place + 1,
    ...newest.objective,
    sliKind: sli.kind,
    versions: parts.map(({ inForce, from, to, counts, objective: { target, window } }) => ({
      version: inForce.version.version,
      target,
      window,
      from,
      to,
      ...counts,
    })),
    from: parts[0]?.from ?? 0,
    to: newest.to,
    ...figures,
    spend: SPEND_KINDS.map((kind, i) => ({ kind, ...spendOf(units[i] ?? 0, figures) })),
    coverage: {
      minutes,
      measured,
      withEvents: add(({ coverage }) => coverage.withEvents),
      share: minutes === 0 ? 0 : measured / minutes,
    },
    corrected: {
      excludedMinutes: add(({ keptOut }) => keptOut.excludedMinutes),
      goodMinutes: add(({ keptOut }) => keptOut.goodMinutes),
      badEvents: add(({ keptOut }) => keptOut.badEvents),
    },
  }
}

/** How many minutes an event of the indicator stands for; 0 where events are not time. */
function minutesOfEvent(sli: SliSpec): number {
  if (isTimeSlices(sli)) return sli.sliceMinutes
  return isComposite(sli) && sli.combine === 'all_of' ? 1 : 0
}

/** Parts that were rounded version by version, the largest made to fit, so that they sum to what was consumed of all. */
function wholeUnits({ consumed }: PeriodFigures, parts: readonly number[]): number[] {
  const whole = Math.round((consumed.events ?? 0) * UNITS_PER_EVENT)
  const missing = whole - parts.reduce((sum, units) => sum + units, 0)
  const largest = parts.indexOf(Math.max(...parts))
  return parts.map((units, i) => (i === largest ? units + missing : units))
}

function spendOf(units: number, { budget }: PeriodFigures) {
  const events = units / UNITS_PER_EVENT
  if (budget.events === null) return { units, events: null, minutes: null, share: null, outageSeconds: null }
  const share = events / budget.events
  return {
    units,
    events,
    // Budget and events of a time-based SLI are slices of the same length.
    minutes: budget.minutes === null ? null : (events * budget.minutes) / budget.events,
    share,
    outageSeconds: budget.outageSeconds === null ? null : share * budget.outageSeconds,
  }
}
