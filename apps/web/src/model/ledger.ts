import {
  windowText,
  type LedgerCauseDto,
  type Objective,
  type SliSpec,
  type SloDetail,
  type SloLedger,
} from '@nines/contracts'
import { formatTarget } from './format-ratio.ts'

export type LedgerKind = LedgerCauseDto['kind']

/** What a cause is called where its name stands beside it. */
export const LEDGER_KIND: Record<LedgerKind, string> = {
  incident: 'Incident',
  maintenance: 'Maintenance',
  change: 'Change',
  unattributed: 'Unattributed',
}

/** What is bad in the ledger of an SLO: events, or slices of time where these are what counts. */
export interface LedgerUnit {
  one: string
  /** "12 min …": what the minutes of a cause hold. */
  minutes: string
}

export function ledgerUnit(sli: SliSpec): LedgerUnit {
  return sli.kind === 'time_slices' || sli.kind === 'ratio_time_slices'
    ? { one: 'Bad slices', minutes: 'of bad slices' }
    : { one: 'Bad events', minutes: 'with bad events' }
}

/** The objectives of an SLO in words, the first one first; their places are what the ledger is asked by. */
export function objectiveNames({
  target,
  window,
  furtherObjectives,
}: Pick<SloDetail, 'furtherObjectives'> & Objective) {
  return [{ target, window }, ...furtherObjectives].map(
    (objective) => `${formatTarget(objective.target)} over ${windowText(objective.window)}`,
  )
}

/** A part of the bar: its share of the bar's width, from 0 to 1. */
export interface LedgerPart {
  key: string
  kind: LedgerKind
  width: number
}

/** Parts of a bar that is as wide as the whole budget, or as what was spent where that is more. Nothing negative is drawn. */
export function ledgerParts({ entries }: SloLedger): LedgerPart[] {
  const shown = entries.map(({ cause, share }) => ({
    key: causeKey(cause),
    kind: cause.kind,
    width: Math.max(0, share ?? 0),
  }))
  const whole = Math.max(
    1,
    shown.reduce((sum, part) => sum + part.width, 0),
  )
  return shown.filter((part) => part.width > 0).map((part) => ({ ...part, width: part.width / whole }))
}

export function causeKey(cause: LedgerCauseDto): string {
  return cause.kind === 'unattributed' ? cause.kind : cause.id
}
