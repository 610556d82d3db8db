import type { DataState, ServiceHealth } from '@nines/contracts'

const STATE_RANK: Record<DataState, number> = { bad: 0, unmeasured: 1, idle: 2, good: 3 }

export interface Tier {
  tier: number
  services: ServiceHealth[]
}

/** Services by tier, most critical tier first; inside a tier the ones in trouble first, then by name. */
export function groupByTier(services: readonly ServiceHealth[]): Tier[] {
  const tiers = new Map<number, ServiceHealth[]>()
  for (const health of services) {
    tiers.set(health.service.tier, [...(tiers.get(health.service.tier) ?? []), health])
  }
  return [...tiers].sort(([a], [b]) => a - b).map(([tier, members]) => ({ tier, services: members.sort(byTrouble) }))
}

function byTrouble(a: ServiceHealth, b: ServiceHealth): number {
  return (
    b.openAlerts - a.openAlerts ||
    STATE_RANK[a.state] - STATE_RANK[b.state] ||
    a.service.name.localeCompare(b.service.name)
  )
}
