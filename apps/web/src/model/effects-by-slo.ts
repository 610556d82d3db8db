import type { ChangeEffect } from '@nines/contracts'

/** What a change spent of one SLO, objective by objective. */
export type EffectsOfSlo = [ChangeEffect, ...ChangeEffect[]]

/** Effects of a change, which come objective by objective, SLO by SLO in their order. */
export function effectsBySlo(effects: readonly ChangeEffect[]): EffectsOfSlo[] {
  const bySlo = new Map<string, EffectsOfSlo>()
  for (const effect of effects) {
    const known = bySlo.get(effect.sloId)
    if (known) known.push(effect)
    else bySlo.set(effect.sloId, [effect])
  }
  return [...bySlo.values()]
}
