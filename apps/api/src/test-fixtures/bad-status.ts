import type { SloStatus } from '@nines/contracts'

/** Of an SLO that has spent its budget a hundred times over, at the instant (epoch ms). */
export function badStatus(sloId: string, at: number): SloStatus {
  return {
    sloId,
    version: 1,
    at,
    state: 'bad',
    good: 90,
    total: 100,
    sli: 0.9,
    target: 0.999,
    window: { kind: 'rolling', days: 30 },
    from: 0,
    to: 0,
    budgetRemainingToDate: 1,
    furtherObjectives: [],
    budgetRemaining: -99,
    burns: [],
    exhaustionSeconds: 0,
    lastEventAt: at,
  }
}
