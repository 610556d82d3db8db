import type { LedgerCauseDto, SloLedger } from '@nines/contracts'

export type LedgerKind = LedgerCauseDto['kind']

/** What a cause is called where its name stands beside it. */
export const LEDGER_KIND: Record<LedgerKind, string> = {
  incident: 'Incident',
  maintenance: 'Maintenance',
  change: 'Change',
  unattributed: 'Unattributed',
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
