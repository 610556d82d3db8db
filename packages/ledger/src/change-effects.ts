import type { ChangeDto, ChangeEffect, Objective } from '@nines/contracts'
import { CHANGE_LOOK_BACK_MS, DAY_MS, isTimeSlices, minuteOf } from '@nines/slo'
import type { LedgerStores } from './ledger-stores.ts'
import { loadSloLedgers, type ObjectiveLedger } from './load-slo-ledger.ts'
import type { SloOfMinutes } from './load-slo-minutes.ts'

/** An SLO of a change's service, at its newest version. */
export interface SloOfChange extends SloOfMinutes, Objective {
  name: string
  furtherObjectives: readonly Objective[]
}

/** How long after the end of a change its burns are added up: most are mended within a day. */
export const EFFECT_MS = DAY_MS

/**
 * What a change spent of the budgets of SLOs, of every objective of each, as their ledgers say, by name: from its start to a day
 * after the last burn could have begun, or to `now`. A budget of which it spent nothing says 0.
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
    const objectives = [{ target: slo.target, window: slo.window }, ...slo.furtherObjectives]
    const ledgers = await loadSloLedgers(stores, slo, objectives, { from, to: until })
    for (const [objective, ledger] of ledgers.entries()) effects.push(effectOn(slo, objective, ledger, change.id))
  }
  return { until, effects }
}

function effectOn(
  { id: sloId, name: sloName, sli }: SloOfChange,
  objective: number,
  { entries, target, window, budgetEvents }: ObjectiveLedger,
  changeId: string,
): ChangeEffect {
  const entry = entries.find(({ cause }) => cause.kind === 'change' && cause.id === changeId)
  const { units = 0, badEvents = 0, share = 0, outageSeconds = 0, minutes = 0, first = null } = entry ?? {}
  const isKnown = budgetEvents !== null
  return {
    sloId,
    sloName,
    objective,
    target,
    window,
    counts: isTimeSlices(sli) ? 'slices' : 'events',
    units,
    badEvents,
    share: isKnown ? share : null,
    outageSeconds: isKnown ? outageSeconds : null,
    minutes,
    first,
  }
}
