import { burnRate } from './window-burn.ts'
import type { EventCounts } from './minute.ts'

/** 1 - burn over the whole window: 1 untouched, 0 spent, negative overspent; null without events. Never clamped. */
export function budgetRemaining(window: EventCounts, target: number): number | null {
  const burn = burnRate(window, target)
  return burn === null ? null : 1 - burn
}

/**
 * Seconds until the budget is spent at the given burn: remaining x window / burn. What has been spent counts, unlike in
 * window / burn. 0 when it is spent already; null when it is not being spent or the burn is undefined.
 */
export function exhaustionSeconds(remaining: number | null, burn: number | null, windowSeconds: number): number | null {
  if (remaining === null) return null
  if (remaining <= 0) return 0
  if (burn === null || burn <= 0) return null
  return (remaining * windowSeconds) / burn
}
