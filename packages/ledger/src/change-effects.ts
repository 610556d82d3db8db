import type { ChangeDto, ChangeEffect } from '@nines/contracts'
import { CHANGE_LOOK_BACK_MS, DAY_MS, isTimeSlices, minuteOf } from '@nines/slo'
import type { LedgerStores } from './ledger-stores.ts'
import { loadSloLedger, type LedgerSlo } from './load-slo-ledger.ts'

/** An SLO of a change's service, at its newest version. */
export interface SloOfChange extends LedgerSlo {
  name: string
}

/** How long after the end of a change its burns are added up: most are mended within a day. */
export const EFFECT_MS = DAY_MS

/**
 * What a change spent of the budgets of SLOs, as their ledgers say, by name: from its start to a day after the last burn could
 * have begun, or to `now`. An SLO of whose budget it spent nothing says 0.
 */
export async function changeEffects(
  stores: LedgerStores,
  change: Pick<ChangeDto, 'id' | 'startedAt' | 'endedAt'>,
  slos: readonly SloOfChange[],
  now: number,
): Promise<{ until: number; effects: ChangeEffect[] }> {
  const from = Date.parse(change.startedAt)
  const ended = change.endedAt === null ? from : Date.parse(change.endedAt)
  const until = minuteOf(Math.min(now, ended + CHANGE_LOOK_BACK_MS + EFFECT_MS))
  const effects: ChangeEffect[] = []
  if (until <= minuteOf(from)) return { until, effects }
  // One after the other: each reads the minutes of a whole window.
  for (const slo of slos) {
    const { entries, target, window, budgetEvents } = await loadSloLedger(stores, slo, { from, to: until })
    const entry = entries.find(({ cause }) => cause.kind === 'change' && cause.id === change.id)
    const { units = 0, badEvents = 0, share = 0, outageSeconds = 0, minutes = 0, first = null } = entry ?? {}
    const isKnown = budgetEvents !== null
    effects.push({
      sloId: slo.id,
      sloName: slo.name,
      target,
      window,
      counts: isTimeSlices(slo.sli) ? 'slices' : 'events',
      units,
      badEvents,
      share: isKnown ? share : null,
      outageSeconds: isKnown ? outageSeconds : null,
      minutes,
      first,
    })
  }
  return { until, effects }
}
