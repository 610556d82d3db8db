import type { SeriesSelector } from '@nines/contracts'
import type { OwnSloDefinition } from './slo-tracker.ts'

/** An SLO at 99 % over 30 days without rules, made at `now`; `good` counts all events too, unless `total` is given. */
export function ratioSlo(id: string, now: number, good: SeriesSelector, total = good): OwnSloDefinition {
  return {
    id,
    workspaceId: 'wsp_1',
    workspaceNumber: 1,
    name: id,
    version: 1,
    versionCreatedAt: now,
    sli: { kind: 'ratio', good, total },
    target: 0.99,
    window: { kind: 'rolling', days: 30 },
    furtherObjectives: [],
    checkCadence: [],
    corrections: [],
    rules: [],
  }
}
